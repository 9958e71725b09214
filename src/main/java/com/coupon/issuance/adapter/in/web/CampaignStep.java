package com.coupon.issuance.adapter.in.web;

import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/** A step of a campaign's life, with what all of them answer. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestMapping(method = RequestMethod.POST)
@Answers(
        headers = "ETag",
        problems = {
            ProblemCode.UNKNOWN_CAMPAIGN,
            ProblemCode.ILLEGAL_TRANSITION,
            ProblemCode.PRECONDITION_FAILED,
            ProblemCode.RECOVERING
        })
@interface CampaignStep {

    /** Its path. */
    @AliasFor(annotation = RequestMapping.class, attribute = "path")
    String value();
}
