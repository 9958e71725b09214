package com.coupon.persistence.adapter.in.kafka;

import com.coupon.persistence.domain.DeadLetterSubject;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds out what a dead letter is about, as far as it can be read. */
final class LetterSubject {

    private LetterSubject() {}

    static DeadLetterSubject of(JsonMapper json, byte @Nullable [] value) {
        try {
            return DeadLetterSubject.of(IssuedCouponMessage.read(json, value));
        } catch (RuntimeException e) {
            return value == null ? DeadLetterSubject.UNKNOWN : inPart(json, value);
        }
    }

    private static DeadLetterSubject inPart(JsonMapper json, byte[] value) {
        JsonNode event;
        try {
            event = json.readTree(value);
        } catch (JacksonException e) {
            return DeadLetterSubject.UNKNOWN;
        }
        return new DeadLetterSubject(
                text(event.path("campaignId"), CampaignId::new),
                text(event.path("memberId"), MemberId::new),
                number(event.path("serial")),
                number(event.path("epoch")),
                null);
    }

    private static <T> @Nullable T text(JsonNode node, Function<String, T> type) {
        try {
            return node.isString() ? type.apply(node.stringValue()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Long number(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
    }
}
