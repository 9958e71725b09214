package com.coupon.issuance.domain;

/** Who may claim. */
public enum Eligibility {
    EVERYONE,
    /** Only members on the campaign's allow-list. */
    ALLOW_LIST
}
