package com.coupon.persistence.domain;

import com.coupon.shared.MemberId;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a campaign are asked for.
 *
 * @param member whose, or null for everybody's
 * @param status in which status, or null for any
 */
public record IssuanceFilter(@Nullable MemberId member, Issuance.@Nullable Status status) {

    /** All rows there are. */
    public static final IssuanceFilter ALL = new IssuanceFilter(null, null);
}
