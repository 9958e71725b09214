package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.out.Participants;
import com.coupon.shared.ConsumerRole;
import java.util.List;

/** Winners, changed by {@code revoke_coupon.lua}. Thread-safe. */
@ConsumerRole
final class RedisParticipants implements Participants {

    private final RedisScript revokeCoupon = RedisScript.named("revoke_coupon");
    private final RedisConnections redis;

    RedisParticipants(RedisConnections redis) {
        this.redis = redis;
    }

    @Override
    public boolean revoke(IssuedCoupon coupon) {
        CampaignKeys keys = CampaignKeys.of(coupon.campaign());
        List<byte[]> arguments =
                arguments(
                        coupon.member().value(),
                        coupon.serial(),
                        coupon.code().value(),
                        coupon.issuedAt().toEpochMilli(),
                        coupon.epoch());
        List<Object> reply =
                RedisConnections.change(() ->
                        redis.callAndConfirm(
                                keys.campaign(),
                                connection ->
                                        list(
                                                revokeCoupon.call(
                                                        connection,
                                                        List.of(
                                                                keys.campaign(),
                                                                keys.participants()),
                                                        arguments))));
        return switch (text(reply.getFirst())) {
            case "REVOKED", "CURRENT", "FORGOTTEN" -> true;
            case "ANOTHER" -> false;
            case "ABSENT" -> throw new IssuanceUnavailableException(Reason.RECOVERING);
            default ->
                    throw new IllegalStateException(
                            "revoke_coupon replied " + text(reply.getFirst()));
        };
    }
}
