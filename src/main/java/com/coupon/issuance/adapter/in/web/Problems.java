package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;

/** What a caller hears of failures. */
final class Problems {

    private Problems() {}

    static ProblemException of(IssuanceUnavailableException failure) {
        return new ProblemException(
                switch (failure.reason()) {
                    case RECOVERING -> ProblemCode.RECOVERING;
                    case UNDECIDED, UNKNOWN -> ProblemCode.UNAVAILABLE;
                });
    }
}
