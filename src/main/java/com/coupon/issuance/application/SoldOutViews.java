package com.coupon.issuance.application;

import com.coupon.issuance.application.RememberedWinners.Complete;
import com.coupon.issuance.application.RememberedWinners.Fingerprints;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.issuance.port.out.Ticker;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.issuance.port.out.WinnerReading.WinnerPage;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers the claims of campaigns that are sold out from memory: losers and winners, exactly as
 * Redis would, without asking it.
 *
 * <p>What lets it do so is a lease (Gray and Cheriton, "Leases: An Efficient Fault-Tolerant
 * Mechanism for Distributed File Cache Consistency", 1989). Every decision that leaves a campaign
 * sold out, and whose every coupon is confirmed, names the {@link SoldOut} state it was made in.
 * The winners of that state are read once, in the background; then every later decision of the same
 * state lets the node answer from memory for {@link SoldOut#LEASE}, counted from before Redis was
 * asked. Before that time is over one claim goes to Redis in everybody's stead and so renews the
 * lease. A time-out renews nothing, and where the lease ends all claims go to Redis again.
 *
 * <p>{@link #answer} may be called by any thread, {@link #learn} by one for each campaign, {@link
 * #step} by one.
 */
@ApiRole
public final class SoldOutViews {

    private static final ClaimResult SOLD_OUT = new ClaimResult.SoldOut();
    private static final ClaimResult NO_CLAIM = new ClaimResult.NoClaim();

    /** So long after its lease has ended the memory of a campaign gives way to that of another. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** What is known of one state of a campaign. */
    private static final class View {

        private final SoldOut state;
        private final @Nullable RememberedWinners winners;
        private final AtomicBoolean renewing = new AtomicBoolean();
        private final long readAt;

        /** By the ticker; until then it may be answered from. */
        private volatile long leasedUntil;

        /** By the ticker; from then on one claim goes to Redis. */
        private volatile long renewFrom;

        /**
         * @param winners null where they are too many to be held
         */
        View(SoldOut state, @Nullable RememberedWinners winners, long now) {
            this.state = state;
            this.winners = winners;
            this.readAt = now;
            this.leasedUntil = now;
            this.renewFrom = now;
        }

        /** What was decided before the winners were read does not tell how they were then. */
        void lease(long from, Duration duration) {
            if (from - readAt < 0) {
                return;
            }
            leasedUntil = from + duration.toNanos();
            renewFrom = from + duration.toNanos() / 2;
            renewing.set(false);
        }

        /** Whether this claim may be answered from memory; one of many has to renew the lease. */
        boolean mayAnswer(long now) {
            return now - leasedUntil < 0
                    && (now - renewFrom < 0 || !renewing.compareAndSet(false, true));
        }

        boolean isIdle(long now) {
            return now - leasedUntil >= IDLE.toNanos();
        }

        int size() {
            return winners == null ? 0 : winners.size();
        }

        int size(Class<? extends RememberedWinners> kind) {
            return kind.isInstance(winners) ? size() : 0;
        }
    }

    private final WinnerReading reading;
    private final Ticker ticker;
    private final IssuanceProperties.SoldOut bounds;

    /** Of campaigns that are sold out; those that nobody asks for leave it. */
    private final Map<CampaignId, View> views = new ConcurrentHashMap<>();

    /** States whose winners are to be read. */
    private final Map<CampaignId, SoldOut> awaited = new ConcurrentHashMap<>();

    /** The campaigns of those states, each once. */
    private final BlockingQueue<CampaignId> queue = new LinkedBlockingQueue<>();

    SoldOutViews(
            WinnerReading reading,
            Ticker ticker,
            IssuanceProperties properties,
            MeterRegistry meters) {
        this.reading = reading;
        this.ticker = ticker;
        this.bounds = properties.soldOut();
        Gauge.builder("coupon.sold.out.winners", this, SoldOutViews::held)
                .description("Winners of campaigns that are sold out, as held in memory")
                .register(meters);
    }

    private int held() {
        return views.values().stream().mapToInt(View::size).sum();
    }

    /**
     * What Redis would answer now; null where it has to be asked.
     *
     * @param now by the ticker
     */
    @Nullable ClaimResult answer(
            CampaignId campaign, MemberId member, Question question, long now) {
        View view = views.get(campaign);
        if (view == null || view.winners == null || !view.mayAnswer(now)) {
            return null;
        }
        if (!view.winners.mayInclude(member)) {
            return switch (question) {
                case CLAIM -> SOLD_OUT;
                case FIND -> NO_CLAIM;
            };
        }
        Winner winner = view.winners.find(member);
        if (winner == null) {
            return null;
        }
        return winner.revoked()
                ? new ClaimResult.Revoked()
                : new ClaimResult.AlreadyIssued(winner.coupon());
    }

    /**
     * Learns from a decision how a campaign is now.
     *
     * @param asked when it was asked for, by the ticker
     * @param confirmed up to where the campaign's coupons are known to be safe
     */
    void learn(CampaignId campaign, Decision decision, long asked, Confirmed confirmed) {
        SoldOut state = decision.soldOut();
        if (state == null) {
            views.remove(campaign);
        } else if (state.issued() <= decision.cut()
                || confirmed.covers(state.home(), state.issued())) {
            View view = views.get(campaign);
            if (view != null && view.state.equals(state)) {
                view.lease(asked, shorter(SoldOut.LEASE, decision.soldOutFor()));
            } else if (awaited.put(campaign, state) == null) {
                queue.add(campaign);
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Reads the winners of one campaign that has been sold out.
     *
     * @param patience how long to wait for one
     * @return whether there was one
     * @throws IssuanceUnavailableException if Redis cannot be asked; the next decision will have it
     *     asked again
     */
    public boolean step(Duration patience) throws InterruptedException {
        CampaignId campaign = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (campaign == null) {
            return false;
        }
        SoldOut state = Objects.requireNonNull(awaited.get(campaign));
        try {
            read(campaign, state);
        } finally {
            if (!awaited.remove(campaign, state)) {
                queue.add(campaign); // for the state that it is in meanwhile
            }
        }
        return true;
    }

    private void read(CampaignId campaign, SoldOut state) {
        long now = ticker.nanos();
        views.remove(campaign);
        views.values().removeIf(view -> view.isIdle(now));
        WinnerPage first = reading.page(campaign, "", bounds.pageSize());
        if (first.total() <= bounds.winners() - held(Complete.class)) {
            Map<MemberId, Winner> winners = HashMap.newHashMap((int) first.total());
            readAll(
                    campaign,
                    state,
                    first,
                    winner -> winners.put(winner.coupon().member(), winner));
            remember(campaign, state, first.total(), new Complete(winners));
        } else if (first.total() <= bounds.fingerprints() - held(Fingerprints.class)) {
            LongStream.Builder fingerprints = LongStream.builder();
            readAll(
                    campaign,
                    state,
                    first,
                    winner -> fingerprints.add(Fingerprints.of(winner.coupon().member())));
            remember(
                    campaign,
                    state,
                    first.total(),
                    new Fingerprints(fingerprints.build().toArray()));
        } else {
            views.put(campaign, new View(state, null, ticker.nanos()));
        }
    }

    private int held(Class<? extends RememberedWinners> kind) {
        return views.values().stream().mapToInt(view -> view.size(kind)).sum();
    }

    private void readAll(
            CampaignId campaign, SoldOut state, WinnerPage first, Consumer<Winner> winners) {
        WinnerPage page = first;
        while (true) {
            if (!page.home().equals(state.home()) || page.total() != first.total()) {
                throw new IssuanceUnavailableException(Reason.UNDECIDED);
            }
            page.winners().forEach(winners);
            if (page.cursor().isEmpty()) {
                return;
            }
            page = reading.page(campaign, page.cursor(), bounds.pageSize());
        }
    }

    /** Only with all of them a member can be told that he is not among them. */
    private void remember(
            CampaignId campaign, SoldOut state, long total, RememberedWinners winners) {
        if (winners.size() != total) {
            throw new IssuanceUnavailableException(Reason.UNDECIDED);
        }
        views.put(campaign, new View(state, winners, ticker.nanos()));
    }
}
