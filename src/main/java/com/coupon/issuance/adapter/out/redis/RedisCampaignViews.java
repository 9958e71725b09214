package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.out.CampaignViews;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Campaigns as {@code view_campaign.lua} sees them, on connections that nothing else uses.
 * Thread-safe.
 */
@ApiRole
final class RedisCampaignViews implements CampaignViews, AutoCloseable {

    private final RedisScript viewCampaign = RedisScript.named("view_campaign");
    private final RedisServers redis;
    private final RedisCampaignRegister register;

    RedisCampaignViews(RedisConnections connections, RedisCampaignRegister register) {
        this.redis = connections.reserve();
        this.register = register;
    }

    @Override
    public Optional<CampaignView> find(CampaignId campaign) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        List<Object> reply =
                redis.call(
                        keys.campaign(),
                        connection ->
                                list(viewCampaign.call(connection, keys.counters(), List.of())));
        return switch (text(reply.getFirst())) {
            case "INTACT" -> Optional.of(intact(campaign, reply));
            case "ABSENT" -> {
                if (register.isUnknown(campaign)) {
                    yield Optional.empty();
                }
                throw new IssuanceUnavailableException(Reason.RECOVERING);
            }
            case "RECOVERING" -> throw new IssuanceUnavailableException(Reason.RECOVERING);
            default ->
                    throw new IllegalStateException(
                            "view_campaign replied " + text(reply.getFirst()));
        };
    }

    @Override
    public void close() {
        redis.close();
    }

    /** Data that cannot be a campaign's is damage, whoever did it. */
    private static CampaignView intact(CampaignId campaign, List<Object> reply) {
        try {
            return view(campaign, reply);
        } catch (IllegalArgumentException e) {
            throw new IssuanceUnavailableException(Reason.RECOVERING, e);
        }
    }

    private static CampaignView view(CampaignId campaign, List<Object> reply) {
        long closesAt = number(reply.get(6));
        return new CampaignView(
                campaign,
                text(reply.get(1)),
                CampaignState.valueOf(text(reply.get(2))),
                number(reply.get(3)),
                number(reply.get(9)),
                new ClaimWindow(
                        Instant.ofEpochMilli(number(reply.get(5))),
                        closesAt == 0 ? null : Instant.ofEpochMilli(closesAt)),
                number(reply.get(4)),
                number(reply.get(7)),
                number(reply.get(8)),
                Instant.ofEpochMilli(number(reply.get(10))));
    }
}
