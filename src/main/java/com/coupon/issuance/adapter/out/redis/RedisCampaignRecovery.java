package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;

/**
 * Rebuilds campaigns by {@code begin_rebuild.lua}, {@code restore_participants.lua} and {@code
 * resume_campaign.lua}. Thread-safe.
 */
@ConsumerRole
final class RedisCampaignRecovery implements CampaignRecovery {

    private static final Logger log = LoggerFactory.getLogger(RedisCampaignRecovery.class);

    /** From the end of a wait for replicas to the next step, with time to spare. */
    private static final Duration NEXT_STEP = Duration.ofMillis(100);

    /** What the script takes. */
    private static final int WRITTEN_AT_ONCE = 1_000;

    private final RedisScript claimCoupons = RedisScript.named("claim_coupons");
    private final RedisScript suspendCampaign = RedisScript.named("suspend_campaign");
    private final RedisScript beginRebuild = RedisScript.named("begin_rebuild");
    private final RedisScript restoreParticipants = RedisScript.named("restore_participants");
    private final RedisScript resumeCampaign = RedisScript.named("resume_campaign");
    private final RedisConnections connections;
    private final RedisServers redis;
    private final RedisCampaignRegister register;

    RedisCampaignRecovery(RedisConnections connections, RedisCampaignRegister register) {
        this.connections = connections;
        this.redis = connections.shared();
        this.register = register;
    }

    @Override
    public Optional<Watermark> look(CampaignId campaign, Watermark seen) {
        // The script that decides claims is also the one that knows when it cannot.
        CampaignKeys keys = CampaignKeys.of(campaign);
        List<byte[]> arguments =
                arguments("find", "0".repeat(32), 0, "", seen.epoch(), seen.issued());
        List<Object> reply =
                list(
                        redis.call(
                                keys.campaign(),
                                connection ->
                                        claimCoupons.call(connection, keys.all(), arguments)));
        return text(reply.getFirst()).equals("INTACT")
                ? Optional.of(new Watermark(number(reply.get(4)), number(reply.get(2))))
                : Optional.empty();
    }

    @Override
    public boolean suspend(CampaignId campaign) {
        String reply = call(suspendCampaign, campaign, List.of(keyOf(campaign)), List.of());
        return switch (reply) {
            case "SUSPENDED" -> true;
            case "DRAFT" -> false;
            default -> throw new IllegalStateException("suspend_campaign replied " + reply);
        };
    }

    @Override
    public Optional<Rebuild> begin(CampaignId campaign, Duration lease) {
        register.add(campaign); // the relay goes by it
        String token = UUID.randomUUID().toString();
        CampaignKeys keys = CampaignKeys.of(campaign);
        // Where replicas are awaited, a server that none of them follows has perhaps been replaced.
        // To rebuild on it would end the epoch in which the other one issues. Until that is known
        // the token is held only briefly, so that the next try need not wait for long.
        Duration untilConfirmed = shorter(lease, connections.replicationBudget().plus(NEXT_STEP));
        Optional<Long> begun =
                connections.callAndConfirm(
                        keys.campaign(),
                        connection -> hold(connection, keys, token, untilConfirmed, "begin"));
        return begun.isEmpty()
                ? Optional.empty()
                : prolong(campaign, token, lease)
                        .map(fence -> new RedisRebuild(campaign, token, lease, fence));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Optional<Long> prolong(CampaignId campaign, String token, Duration lease) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        return redis.call(
                keys.campaign(), connection -> hold(connection, keys, token, lease, "prolong"));
    }

    /**
     * @return the fence, or empty where the token is not the caller's
     */
    private Optional<Long> hold(
            Connection connection, CampaignKeys keys, String token, Duration lease, String mode) {
        List<Object> reply =
                list(
                        beginRebuild.call(
                                connection, keys.all(), arguments(token, lease.toMillis(), mode)));
        String outcome = text(reply.getFirst());
        return switch (outcome) {
            case "BEGUN" -> Optional.of(number(reply.get(1)));
            case "HELD", "INTACT" -> Optional.empty();
            default -> throw new IllegalStateException("begin_rebuild replied " + outcome);
        };
    }

    private String call(
            RedisScript script, CampaignId campaign, List<String> keys, List<byte[]> arguments) {
        return text(
                redis.call(
                        keyOf(campaign), connection -> script.call(connection, keys, arguments)));
    }

    private static String keyOf(CampaignId campaign) {
        return CampaignKeys.of(campaign).campaign();
    }

    private static long millis(@Nullable Instant instant) {
        return instant == null ? 0 : instant.toEpochMilli();
    }

    private final class RedisRebuild implements Rebuild {

        private final CampaignId campaign;
        private final String token;
        private final Duration lease;
        private long fence;

        /** Members whose records cannot be read; the ledger may know better. */
        private final List<String> unreadable = new ArrayList<>();

        private RedisRebuild(CampaignId campaign, String token, Duration lease, long fence) {
            this.campaign = campaign;
            this.token = token;
            this.lease = lease;
            this.fence = fence;
        }

        @Override
        public long fence() {
            return fence;
        }

        @Override
        public void prolong() {
            fence =
                    RedisCampaignRecovery.this
                            .prolong(campaign, token, lease)
                            .orElseThrow(() -> new OutlivedException(campaign));
        }

        @Override
        public void abandon() {
            try {
                RedisCampaignRecovery.this.prolong(campaign, token, Duration.ofMillis(1));
            } catch (IssuanceUnavailableException e) {
                log.debug("The token of {} runs out by itself", campaign, e);
            }
        }

        @Override
        public Page left(String cursor, int limit) {
            WinnerScan scanned = WinnerScan.page(redis, campaign, cursor, limit);
            if (!scanned.unreadable().isEmpty()) {
                log.error(
                        "{} records of winners of {} cannot be read; the ledger decides",
                        scanned.unreadable().size(),
                        campaign);
                unreadable.addAll(scanned.unreadable());
            }
            return new Page(
                    scanned.winners().stream().map(Winner::coupon).toList(), scanned.cursor());
        }

        @Override
        public void restore(List<Winner> winners) {
            List<Object> arguments = new ArrayList<>(List.of(token, lease.toMillis()));
            for (Winner winner : winners) {
                arguments.add(winner.coupon().member().value());
                arguments.add(WinnerRecord.of(winner));
            }
            write(arguments);
        }

        private void write(List<Object> arguments) {
            CampaignKeys keys = CampaignKeys.of(campaign);
            String reply =
                    call(
                            restoreParticipants,
                            campaign,
                            List.of(keys.campaign(), keys.participants()),
                            arguments(arguments.toArray()));
            switch (reply) {
                case "RESTORED" -> {}
                case "OUTLIVED" -> throw new OutlivedException(campaign);
                default -> throw new IllegalStateException("restore_participants replied " + reply);
            }
        }

        @Override
        public void drop(List<IssuedCoupon> coupons) {
            if (coupons.isEmpty()) {
                return;
            }
            log.error(
                    "Redis has {} winners of {} that contradict the ledger; it forgets them",
                    coupons.size(),
                    campaign);
            for (int from = 0; from < coupons.size(); from += WRITTEN_AT_ONCE) {
                List<Object> arguments = new ArrayList<>(List.of(token, lease.toMillis()));
                for (IssuedCoupon coupon :
                        coupons.subList(from, Math.min(from + WRITTEN_AT_ONCE, coupons.size()))) {
                    arguments.add(coupon.member().value());
                    arguments.add("-" + coupon.serial());
                }
                write(arguments);
            }
        }

        /** Whom the ledger does not know has not won. */
        private void dropUnreadable() {
            for (String member : unreadable) {
                write(List.of(token, lease.toMillis(), member, ""));
            }
        }

        @Override
        public boolean resume(Campaign rebuilt, long issued) {
            dropUnreadable();
            CampaignPlan plan = rebuilt.plan();
            String reply =
                    call(
                            resumeCampaign,
                            campaign,
                            CampaignKeys.of(campaign).all(),
                            arguments(
                                    token,
                                    plan.name(),
                                    rebuilt.state(),
                                    plan.quantity(),
                                    rebuilt.returned(),
                                    millis(plan.window().opensAt()),
                                    millis(plan.window().closesAt()),
                                    plan.eligibility(),
                                    millis(rebuilt.retainedUntil()),
                                    rebuilt.version(),
                                    rebuilt.epoch(),
                                    issued));
            return switch (reply) {
                case "RESUMED" -> true;
                case "FENCED", "LISTLESS" -> {
                    prolong();
                    yield false;
                }
                case "OUTLIVED" -> throw new OutlivedException(campaign);
                default -> throw new IllegalStateException("resume_campaign replied " + reply);
            };
        }
    }
}
