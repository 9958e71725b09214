package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The stock in Redis, decided by {@code claim_coupons.lua} on connections that nothing else uses.
 * Thread-safe.
 */
@ApiRole
final class RedisCouponStock implements CouponStock, AutoCloseable {

    private static final int SEED_BYTES = 32;

    private final RedisScript claimCoupons = RedisScript.named("claim_coupons");
    private final RedisScript publishedSerial = RedisScript.named("published_serial");
    private final SecureRandom random = new SecureRandom();
    private final RedisServers redis;
    private final RedisCampaignRegister register;
    private final int replicasToAwait;

    RedisCouponStock(
            RedisConnections connections,
            RedisCampaignRegister register,
            IssuanceProperties properties) {
        // One for each lane, one for each campaign whose replication is awaited or waits to be.
        this.redis =
                connections.reserve(properties.claims().lanes() + 2 * properties.gate().threads());
        this.register = register;
        connections.requireShorterThanTimeout(
                "coupon.issuance.gate.budget", properties.gate().budget());
        this.replicasToAwait = connections.replicasToAwait();
    }

    @Override
    public boolean isReplicated() {
        return replicasToAwait > 0;
    }

    @Override
    public Set<CampaignId> unknown(Set<CampaignId> campaigns) {
        return register.unknown(campaigns);
    }

    @Override
    public Decision decide(ClaimBatch batch) {
        CampaignKeys keys = CampaignKeys.of(batch.campaign());
        List<byte[]> arguments = arguments(batch);
        var answer =
                redis.callAndKeep(
                        keys.campaign(),
                        connection -> list(claimCoupons.call(connection, keys.all(), arguments)));
        try {
            return switch (text(answer.value().getFirst())) {
                case "INTACT" -> decision(batch, answer.value(), answer.connection());
                case "RECOVERING", "ABSENT" -> recovering(batch, answer.connection());
                default ->
                        throw new IllegalStateException(
                                "claim_coupons replied " + text(answer.value().getFirst()));
            };
        } catch (RuntimeException e) {
            answer.connection().close();
            throw e;
        }
    }

    private List<byte[]> arguments(ClaimBatch batch) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        List<byte[]> arguments = new ArrayList<>(batch.members().size() + 6);
        arguments.add(
                batch.question()
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .getBytes(StandardCharsets.US_ASCII));
        arguments.add(seed);
        arguments.addAll(
                RedisScript.arguments(
                        batch.confirmed().serial(),
                        batch.confirmed().home(),
                        batch.seen().epoch(),
                        batch.seen().issued()));
        batch.members()
                .forEach(member ->
                        arguments.add(member.value().getBytes(StandardCharsets.US_ASCII)));
        return arguments;
    }

    private Decision recovering(ClaimBatch batch, Connection connection) {
        return new RedisDecision(
                Collections.nCopies(batch.members().size(), new ClaimResult.Recovering()),
                List.of(),
                Watermark.NONE,
                null,
                Duration.ZERO,
                0,
                "",
                CampaignKeys.of(batch.campaign()),
                connection,
                publishedSerial,
                replicasToAwait);
    }

    private Decision decision(ClaimBatch batch, List<Object> reply, Connection connection) {
        List<ClaimResult> results = new ArrayList<>(batch.members().size());
        List<OutboxEntry> outbox = new ArrayList<>();
        long now = number(reply.get(5));
        long opensAt = number(reply.get(6));
        String home = text(reply.get(7));
        List<Object> answers = list(reply.get(9));
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof List<?> winner) {
                var coupon = coupon(batch, batch.members().get(i), winner);
                switch (text(winner.get(0))) {
                    case "ISSUED" -> {
                        results.add(new ClaimResult.Issued(coupon));
                        outbox.add(new OutboxEntry(home, text(winner.get(5)), coupon));
                    }
                    case "ALREADY_ISSUED" -> results.add(new ClaimResult.AlreadyIssued(coupon));
                    default ->
                            throw new IllegalStateException(
                                    "claim_coupons answered " + text(winner.get(0)));
                }
            } else {
                results.add(refusal(text(answers.get(i)), now, opensAt));
            }
        }
        long issued = number(reply.get(2));
        long soldOutFor = number(reply.get(10));
        return new RedisDecision(
                results,
                outbox,
                new Watermark(number(reply.get(4)), issued),
                soldOutFor > 0 ? new SoldOut(home, number(reply.get(3)), issued) : null,
                Duration.ofMillis(soldOutFor),
                number(reply.get(8)),
                home,
                CampaignKeys.of(batch.campaign()),
                connection,
                publishedSerial,
                replicasToAwait);
    }

    private static IssuedCoupon coupon(ClaimBatch batch, MemberId member, List<?> answer) {
        return new IssuedCoupon(
                batch.campaign(),
                member,
                number(answer.get(1)),
                new CouponCode(text(answer.get(2))),
                Instant.ofEpochMilli(number(answer.get(3))),
                number(answer.get(4)));
    }

    private static ClaimResult refusal(String name, long now, long opensAt) {
        return switch (name) {
            case "UNKNOWN_CAMPAIGN" -> new ClaimResult.UnknownCampaign();
            case "REVOKED" -> new ClaimResult.Revoked();
            case "NO_CLAIM" -> new ClaimResult.NoClaim();
            case "ARCHIVED" -> new ClaimResult.Archived();
            case "NOT_OPEN_YET" ->
                    new ClaimResult.NotOpenYet(
                            Instant.ofEpochMilli(opensAt), Duration.ofMillis(opensAt - now));
            case "PAUSED" -> new ClaimResult.Paused();
            case "CLOSED" -> new ClaimResult.Closed();
            case "SOLD_OUT" -> new ClaimResult.SoldOut();
            case "NOT_ELIGIBLE" -> new ClaimResult.NotEligible();
            default -> throw new IllegalStateException("claim_coupons answered " + name);
        };
    }

    @Override
    public void close() {
        redis.close();
    }

    /** Keeps the connection that decided, because only on it does WAIT speak of this decision. */
    private record RedisDecision(
            List<ClaimResult> results,
            List<OutboxEntry> outbox,
            Watermark watermark,
            @Nullable SoldOut soldOut,
            Duration soldOutFor,
            long cut,
            String home,
            CampaignKeys keys,
            Connection connection,
            RedisScript publishedSerial,
            int replicasToAwait)
            implements Decision {

        @Override
        public boolean confirm(Duration budget) {
            return RedisServers.isReplicated(connection, replicasToAwait, budget);
        }

        @Override
        public long published() {
            try {
                return number(
                        publishedSerial.call(
                                connection,
                                List.of(keys.campaign(), keys.outbox()),
                                RedisScript.arguments(home, watermark.issued())));
            } catch (JedisException e) {
                return 0;
            }
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
