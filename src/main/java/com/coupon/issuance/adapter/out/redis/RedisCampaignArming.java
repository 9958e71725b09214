package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Arms campaigns by {@code arm_campaign.lua} and changes them by {@code change_campaign.lua}.
 * Thread-safe.
 */
@ConsumerRole
final class RedisCampaignArming implements CampaignArming {

    /** How long replicas have; shorter than any time-out of a connection. */
    private static final Duration BUDGET = Duration.ofSeconds(1);

    private final RedisScript armCampaign = RedisScript.named("arm_campaign");
    private final RedisScript changeCampaign = RedisScript.named("change_campaign");
    private final RedisServers redis;
    private final int replicasToAwait;
    private final RedisCampaignRegister register;

    RedisCampaignArming(RedisConnections connections, RedisCampaignRegister register) {
        this.redis = connections.shared();
        this.register = register;
        this.replicasToAwait = connections.replicasToAwait();
    }

    @Override
    public void arm(Campaign draft) {
        register.add(draft.id());
        callAndConfirm(
                armCampaign,
                CampaignKeys.of(draft.id()).all(),
                arguments(
                        draft.name(),
                        draft.quantity(),
                        opensAt(draft.window()),
                        closesAt(draft.window()),
                        draft.eligibility(),
                        draft.version(),
                        draft.epoch()));
    }

    @Override
    public Change change(Campaign campaign) {
        return Change.valueOf(
                callAndConfirm(
                        changeCampaign,
                        CampaignKeys.of(campaign.id()).counters(),
                        columns(campaign)));
    }

    @Override
    public Change follow(Campaign campaign) {
        return Change.valueOf(
                call(changeCampaign, CampaignKeys.of(campaign.id()).counters(), columns(campaign)));
    }

    private static List<byte[]> columns(Campaign campaign) {
        return arguments(
                campaign.name(),
                campaign.state(),
                campaign.quantity(),
                campaign.returned(),
                opensAt(campaign.window()),
                closesAt(campaign.window()),
                campaign.eligibility(),
                campaign.version());
    }

    @Override
    public void announce(Collection<CampaignId> campaigns) {
        register.addAll(campaigns);
    }

    private String call(RedisScript script, List<String> keys, List<byte[]> arguments) {
        return redis.call(
                keys.getFirst(), connection -> text(script.call(connection, keys, arguments)));
    }

    /** What is said to be there counts only once the replicas have it. */
    private String callAndConfirm(RedisScript script, List<String> keys, List<byte[]> arguments) {
        return redis.call(
                keys.getFirst(),
                connection -> {
                    String reply = text(script.call(connection, keys, arguments));
                    if (!RedisServers.isReplicated(connection, replicasToAwait, BUDGET)) {
                        throw new IssuanceUnavailableException(Reason.UNKNOWN);
                    }
                    return reply;
                });
    }

    private static long opensAt(ClaimWindow window) {
        return window.opensAt().toEpochMilli();
    }

    private static long closesAt(ClaimWindow window) {
        Instant closesAt = window.closesAt();
        return closesAt == null ? 0 : closesAt.toEpochMilli();
    }
}
