package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers what the container has refused by itself, such as TRACE, in the form of all problems. */
@EveryRole
@RestController
final class ProblemErrorController implements ErrorController {

    @RequestMapping("${server.error.path:/error}")
    ResponseEntity<Object> problem(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
                ? new ProblemException(ProblemCode.of(HttpStatusCode.valueOf(status))).toResponse()
                : new ProblemException(ProblemCode.NOT_FOUND).toResponse();
    }
}
