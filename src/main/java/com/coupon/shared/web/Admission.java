package com.coupon.shared.web;

import com.coupon.shared.ApiRole;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Lets in the requests of a crowd. What is too much is turned away before anything is spent on it.
 * Thread-safe.
 */
@ApiRole
public final class Admission {

    private final Identity identity;
    private final RateLimits limits;

    Admission(Identity identity, RateLimits limits) {
        this.identity = identity;
        this.limits = limits;
    }

    /**
     * Lets in a request that needs a member.
     *
     * @return who sent it
     * @throws ProblemException if it is turned away
     */
    public Caller admitMember(HttpServletRequest request, HttpServletResponse response) {
        limits.admit();
        try {
            Caller caller = identify(request, response);
            limits.admit(caller.member(), response);
            return caller;
        } catch (ProblemException turnedAway) {
            throw released(turnedAway);
        }
    }

    /**
     * Lets in a request of anybody.
     *
     * @throws ProblemException if it is turned away
     */
    void admitStranger(HttpServletRequest request, HttpServletResponse response) {
        limits.admit();
        try {
            limits.admitStranger(request, response);
        } catch (ProblemException turnedAway) {
            throw released(turnedAway);
        }
    }

    private ProblemException released(ProblemException turnedAway) {
        if (turnedAway.code() == ProblemCode.RATE_LIMITED) {
            limits.release();
        }
        return turnedAway;
    }

    private Caller identify(HttpServletRequest request, HttpServletResponse response) {
        try {
            return identity.identify(request);
        } catch (ProblemException refused) {
            if (refused.code() != ProblemCode.UNAVAILABLE) {
                limits.admitStranger(request, response);
            }
            throw refused;
        }
    }
}
