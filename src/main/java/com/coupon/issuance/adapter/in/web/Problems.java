package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.CampaignRefusedException;
import com.coupon.issuance.domain.IllegalTransitionException;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.NotEditableException;
import com.coupon.issuance.domain.NotSettledException;
import com.coupon.issuance.domain.StaleVersionException;
import com.coupon.shared.EveryRole;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What a caller hears of the failures of issuance. */
@EveryRole
@Order(Ordered.HIGHEST_PRECEDENCE)
@RestControllerAdvice
final class Problems {

    @ExceptionHandler({IssuanceUnavailableException.class, CampaignRefusedException.class})
    ResponseEntity<Object> refuse(RuntimeException refusal) {
        return of(refusal).toResponse();
    }

    /** The problem that a failure of issuance is told as. */
    static ProblemException of(RuntimeException failure) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case IssuanceUnavailableException unavailable ->
                    new ProblemException(
                            switch (unavailable.reason()) {
                                case RECOVERING -> ProblemCode.RECOVERING;
                                case UNDECIDED, UNKNOWN -> ProblemCode.UNAVAILABLE;
                            });
            case CampaignRefusedException refused ->
                    new ProblemException(
                                    switch (refused) {
                                        case IllegalTransitionException _ ->
                                                ProblemCode.ILLEGAL_TRANSITION;
                                        case NotEditableException _ -> ProblemCode.NOT_EDITABLE;
                                        case NotSettledException _ -> ProblemCode.NOT_SETTLED;
                                        case StaleVersionException _ ->
                                                ProblemCode.PRECONDITION_FAILED;
                                    })
                            .detail(refused.reason());
            default -> new ProblemException(ProblemCode.INTERNAL_ERROR);
        };
    }
}
