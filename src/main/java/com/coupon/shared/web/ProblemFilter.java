package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers the problems that filters throw, as {@link ProblemHandler} does those of controllers. */
@EveryRole
@Order(ProblemFilter.ORDER)
final class ProblemFilter extends OncePerRequestFilter {

    /** Around all that may throw one, but within the observation of requests. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ProblemException problem) {
            if (response.isCommitted()) {
                throw problem;
            }
            ProblemWriter.write(problem, request, response);
        }
    }
}
