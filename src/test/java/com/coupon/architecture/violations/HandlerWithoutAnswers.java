package com.coupon.architecture.violations;

import org.springframework.web.bind.annotation.GetMapping;

/** Says nothing to the API document. */
final class HandlerWithoutAnswers {

    @GetMapping("/nowhere")
    void handle() {}
}
