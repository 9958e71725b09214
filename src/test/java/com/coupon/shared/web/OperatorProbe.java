package com.coupon.shared.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Tells whom a controller of the admin API would find in the {@link SecurityContextHolder}. */
final class OperatorProbe implements WebMvcConfigurer {

    static final String HEADER = "X-Operator";

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(
                        new HandlerInterceptor() {
                            @Override
                            public boolean preHandle(
                                    HttpServletRequest request,
                                    HttpServletResponse response,
                                    Object handler) {
                                var known = SecurityContextHolder.getContext().getAuthentication();
                                response.setHeader(HEADER, known == null ? "" : known.getName());
                                return true;
                            }
                        })
                .addPathPatterns("/api/v1/admin/**");
    }
}
