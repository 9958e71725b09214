package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.port.out.Rehearsals;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Campaigns of {@code rehearse_campaign.lua}. Thread-safe. */
@ApiRole
final class RedisRehearsals implements Rehearsals {

    private final RedisScript rehearseCampaign = RedisScript.named("rehearse_campaign");
    private final RedisServers redis;

    RedisRehearsals(RedisConnections connections) {
        this.redis = connections.shared();
    }

    @Override
    public void create(
            CampaignId id, CampaignState state, List<MemberId> winners, Duration lifetime) {
        CampaignKeys keys = CampaignKeys.of(id);
        List<byte[]> arguments =
                arguments(
                        Stream.concat(
                                        Stream.of(state, lifetime.toSeconds()),
                                        winners.stream().map(MemberId::value))
                                .toArray());
        String reply =
                redis.call(
                        keys.campaign(),
                        connection ->
                                text(rehearseCampaign.call(connection, keys.all(), arguments)));
        if (!reply.equals("CREATED")) {
            throw new IllegalStateException("rehearse_campaign replied " + reply);
        }
    }

    @Override
    public void drop(CampaignId id) {
        CampaignKeys keys = CampaignKeys.of(id);
        var unlink = new CommandArguments(Command.UNLINK);
        Stream.of(keys.all(), List.of(keys.answers(), keys.rates()))
                .flatMap(List::stream)
                .forEach(unlink::key);
        redis.call(keys.campaign(), connection -> connection.executeCommand(unlink));
    }
}
