package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;

/**
 * Arms campaigns by {@code arm_campaign.lua} and changes them by {@code change_campaign.lua}.
 * Thread-safe.
 */
@ConsumerRole
final class RedisCampaignArming implements CampaignArming {

    private static final Logger log = LoggerFactory.getLogger(RedisCampaignArming.class);

    private final RedisScript armCampaign = RedisScript.named("arm_campaign");
    private final RedisScript changeCampaign = RedisScript.named("change_campaign");
    private final RedisConnections redis;
    private final RedisCampaignRegister register;

    RedisCampaignArming(RedisConnections redis, RedisCampaignRegister register) {
        this.redis = redis;
        this.register = register;
    }

    @Override
    public void arm(Campaign draft) {
        register.add(draft.id());
        CampaignKeys keys = CampaignKeys.of(draft.id());
        CampaignPlan plan = draft.plan();
        List<byte[]> arguments =
                arguments(
                        plan.name(),
                        plan.quantity(),
                        millis(plan.window().opensAt()),
                        millis(plan.window().closesAt()),
                        plan.eligibility(),
                        draft.version(),
                        draft.epoch());
        String reply =
                redis.callAndConfirm(
                        keys.campaign(),
                        connection -> text(armCampaign.call(connection, keys.all(), arguments)));
        switch (reply) {
            case "ARMED", "PRESENT" -> {}
            case "IN_USE" -> {
                log.error("{} is a draft, and yet Redis has issued coupons of it", draft.id());
                throw new IssuanceUnavailableException(Reason.RECOVERING);
            }
            default -> throw new IllegalStateException("arm_campaign replied " + reply);
        }
    }

    @Override
    public Change change(Campaign campaign) {
        String key = CampaignKeys.of(campaign.id()).campaign();
        return applied(
                RedisConnections.change(() ->
                        redis.callAndConfirm(key, connection -> apply(campaign, connection))));
    }

    @Override
    public Change follow(Campaign campaign) {
        String key = CampaignKeys.of(campaign.id()).campaign();
        return applied(
                RedisConnections.change(
                        () -> redis.shared().call(key, connection -> apply(campaign, connection))));
    }

    private List<Object> apply(Campaign campaign, Connection connection) {
        CampaignPlan plan = campaign.plan();
        return list(
                changeCampaign.call(
                        connection,
                        CampaignKeys.of(campaign.id()).all(),
                        arguments(
                                plan.name(),
                                campaign.state(),
                                plan.quantity(),
                                campaign.returned(),
                                millis(plan.window().opensAt()),
                                millis(plan.window().closesAt()),
                                plan.eligibility(),
                                millis(campaign.retainedUntil()),
                                campaign.version())));
    }

    private static Change applied(List<Object> reply) {
        return new Change(
                Outcome.valueOf(text(reply.get(0))), number(reply.get(1)), number(reply.get(2)));
    }

    @Override
    public void announce(Collection<CampaignId> campaigns) {
        register.addAll(campaigns);
    }

    private static long millis(@Nullable Instant instant) {
        return instant == null ? 0 : instant.toEpochMilli();
    }
}
