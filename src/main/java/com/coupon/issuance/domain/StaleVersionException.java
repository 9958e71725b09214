package com.coupon.issuance.domain;

/** A campaign has changed since the caller looked at it. */
public final class StaleVersionException extends RuntimeException {

    public StaleVersionException(long version) {
        super("The campaign is at version " + version + ".");
    }
}
