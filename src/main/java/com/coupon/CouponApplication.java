package com.coupon;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** One artifact, two roles: what a process does is said by {@code SPRING_PROFILES_ACTIVE}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class CouponApplication {

    public static void main(String[] args) {
        SpringApplication.run(CouponApplication.class, args);
    }
}
