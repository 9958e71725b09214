package com.coupon.shared.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.HttpStatus;

/**
 * What a controller's method answers, where neither its signature nor its route tells; for the API
 * document. What every route may answer (a request that is malformed, a body too large, a failure)
 * is known without it.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Answers {

    /** The statuses of success. */
    HttpStatus[] value() default HttpStatus.OK;

    /** What is in an answer of success, where the method returns a wildcard. */
    Class<?> body() default Void.class;

    /** Headers of an answer of success, besides those that follow from its status. */
    String[] headers() default {};

    /** Why it refuses. */
    ProblemCode[] problems() default {};
}
