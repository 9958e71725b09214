package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.out.WinnerErasure;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import java.util.List;

/** Winners, renamed by {@code erase_member.lua}. Thread-safe. */
@ConsumerRole
final class RedisWinnerErasure implements WinnerErasure {

    private final RedisScript eraseMember = RedisScript.named("erase_member");
    private final RedisConnections redis;

    RedisWinnerErasure(RedisConnections redis) {
        this.redis = redis;
    }

    @Override
    public void erase(CampaignId campaign, MemberId member) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        String reply =
                redis.callAndConfirm(
                        keys.campaign(),
                        connection ->
                                text(
                                        eraseMember.call(
                                                connection,
                                                List.of(keys.campaign(), keys.participants()),
                                                arguments(member.value()))));
        switch (reply) {
            case "ERASED", "UNKNOWN", "FORGOTTEN" -> {}
            case "ABSENT" -> throw new IssuanceUnavailableException(Reason.RECOVERING);
            default -> throw new IllegalStateException("erase_member replied " + reply);
        }
    }
}
