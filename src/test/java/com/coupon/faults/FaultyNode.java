package com.coupon.faults;

import com.coupon.CouponApplication;
import org.springframework.boot.SpringApplication;

/** The application as it is, with places where it can be made to die. */
public final class FaultyNode {

    private FaultyNode() {}

    public static void main(String[] args) {
        SpringApplication.from(CouponApplication::main).with(FaultPoints.class).run(args);
    }
}
