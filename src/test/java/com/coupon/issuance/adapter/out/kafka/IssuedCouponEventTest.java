package com.coupon.issuance.adapter.out.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

class IssuedCouponEventTest {

    @Test
    void theEventIsWrittenToTheLetterAsTheGoldenFileSays() throws IOException {
        var coupon =
                new IssuedCoupon(
                        new CampaignId("welcome"),
                        new MemberId("alice"),
                        42,
                        new CouponCode("00112233445566778899"),
                        Instant.parse("2026-01-02T03:04:05.678Z"),
                        1);

        assertThat(new JsonMapper().writeValueAsString(IssuedCouponEvent.of(coupon)))
                .isEqualTo(
                        new ClassPathResource("issued-coupon-v1.json")
                                .getContentAsString(StandardCharsets.UTF_8)
                                .strip());
    }
}
