package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Progress as {@code view_progress.lua} sees it. Thread-safe. */
@ConsumerRole
final class RedisLiveProgress implements LiveProgress {

    private static final Logger log = LoggerFactory.getLogger(RedisLiveProgress.class);

    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final RedisScript viewProgress = RedisScript.named("view_progress");
    private final RedisServers redis;

    RedisLiveProgress(RedisConnections connections) {
        this.redis = connections.shared();
    }

    @Override
    public CampaignProgress of(CampaignId campaign) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        List<byte[]> arguments = RedisScript.arguments(WINDOW.toSeconds());
        List<Object> reply =
                redis.call(
                        keys.campaign(),
                        connection ->
                                list(viewProgress.call(connection, keys.progress(), arguments)));
        return switch (text(reply.getFirst())) {
            case "INTACT" -> progress(campaign, reply);
            // it was armed, so a campaign that is not there is lost
            case "ABSENT", "RECOVERING" ->
                    throw new IssuanceUnavailableException(Reason.RECOVERING);
            default ->
                    throw new IllegalStateException(
                            "view_progress replied " + text(reply.getFirst()));
        };
    }

    private static CampaignProgress progress(CampaignId campaign, List<Object> reply) {
        long oldest = number(reply.get(7));
        String published = text(reply.get(11));
        return new CampaignProgress(
                campaign,
                text(reply.get(1)),
                number(reply.get(2)),
                number(reply.get(3)),
                number(reply.get(4)),
                number(reply.get(5)),
                number(reply.get(6)),
                published.isEmpty() ? null : Long.valueOf(published),
                oldest == 0 ? null : Instant.ofEpochMilli(oldest),
                counts(list(reply.get(9))),
                counts(list(reply.get(10))),
                WINDOW,
                Instant.ofEpochMilli(number(reply.get(8))));
    }

    private static Map<ClaimOutcome, Long> counts(List<Object> pairs) {
        Map<ClaimOutcome, Long> counts = new EnumMap<>(ClaimOutcome.class);
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            try {
                counts.put(ClaimOutcome.valueOf(text(pairs.get(i))), number(pairs.get(i + 1)));
            } catch (IllegalArgumentException e) {
                // a node of a newer release counts what is not known here
                log.debug("An outcome is passed over", e);
            }
        }
        return counts;
    }
}
