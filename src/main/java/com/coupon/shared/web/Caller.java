package com.coupon.shared.web;

import com.coupon.shared.MemberId;
import java.util.Set;

/**
 * Whoever sent a request. As a parameter of a controller's method it makes the request need an
 * identity.
 *
 * @param scopes what the caller may do besides claiming
 */
public record Caller(MemberId member, Set<String> scopes) {

    /** The scope of operators. */
    static final String ADMIN = "coupon.admin";

    boolean isAdmin() {
        return scopes.contains(ADMIN);
    }
}
