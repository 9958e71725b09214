package com.coupon.persistence.adapter.in.web;

import com.coupon.shared.ConsumerRole;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Has the connection of an answer dropped that cannot be finished, so that its client does not take
 * the part for the whole. The servlet API has no call for that. Tomcat does it after any exception
 * that reaches it, but for all except this one it first writes the error page into the body.
 */
@ConsumerRole
final class CutOffFilter extends OncePerRequestFilter {

    private static final String CAUSE = CutOffFilter.class.getName();

    /** Has the connection dropped as soon as the controller returns. */
    static void cutOff(HttpServletRequest request, Exception cause) {
        request.setAttribute(CAUSE, cause);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        if (request.getAttribute(CAUSE) instanceof Exception cause) {
            throw new ClientAbortException(cause);
        }
    }
}
