package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.issuance.port.out.AnswerTotals;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Adds answers up by {@code count_answers.lua}. Thread-safe. */
@ApiRole
final class RedisAnswerTotals implements AnswerTotals {

    private final RedisScript countAnswers = RedisScript.named("count_answers");
    private final RedisServers redis;

    RedisAnswerTotals(RedisConnections connections) {
        this.redis = connections.shared();
    }

    @Override
    public boolean add(CampaignId campaign, Map<ClaimOutcome, Long> answers) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        List<byte[]> arguments =
                RedisScript.arguments(
                        answers.entrySet().stream()
                                .flatMap(answer -> Stream.of(answer.getKey(), answer.getValue()))
                                .toArray());
        String reply =
                redis.call(
                        keys.campaign(),
                        connection ->
                                text(countAnswers.call(connection, keys.totals(), arguments)));
        return switch (reply) {
            case "COUNTED" -> true;
            case "ABSENT" -> false;
            default -> throw new IllegalStateException("count_answers replied " + reply);
        };
    }
}
