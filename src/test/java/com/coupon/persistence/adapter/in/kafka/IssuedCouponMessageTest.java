package com.coupon.persistence.adapter.in.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

class IssuedCouponMessageTest {

    private String golden = "";

    @BeforeEach
    void readTheGoldenFile() throws IOException {
        golden =
                new ClassPathResource("issued-coupon-v1.json")
                        .getContentAsString(StandardCharsets.UTF_8);
    }

    private static IssuedCoupon read(String event) {
        return JsonMapper.builder().build().readValue(event, IssuedCouponMessage.class).toCoupon();
    }

    @Test
    void theGoldenFileIsUnderstood() {
        assertThat(read(golden))
                .isEqualTo(
                        new IssuedCoupon(
                                new CampaignId("welcome"),
                                new MemberId("alice"),
                                42,
                                new CouponCode("00112233445566778899"),
                                Instant.parse("2026-01-02T03:04:05.678Z"),
                                1));
    }

    @Test
    void aFieldOfALaterReleaseIsIgnored() {
        assertThat(read(golden.replace("{", "{\"colour\":\"red\",")).serial()).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version",
                "campaignId",
                "epoch",
                "serial",
                "memberId",
                "couponCode",
                "issuedAt"
            })
    void aFieldThatIsMissingIsNamed(String field) {
        assertThatThrownBy(() -> read(golden.replace("\"" + field + "\"", "\"was\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field.equals("version") ? "Version" : field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"version\":2",
                "\"serial\":0",
                "\"epoch\":0",
                "\"campaignId\":\"Not One\""
            })
    void aValueThatCannotBeIsRefused(String replacement) {
        String field = replacement.substring(0, replacement.indexOf(':'));
        String event = golden.replaceAll(field + ":[^,}]+", replacement);

        assertThatThrownBy(() -> read(event)).isInstanceOf(IllegalArgumentException.class);
    }
}
