package com.coupon.issuance.application;

import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.port.in.AdjustStock;
import com.coupon.issuance.port.in.Winners;
import com.coupon.issuance.port.out.AllowLists;
import com.coupon.issuance.port.out.AnswerTotals;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.issuance.port.out.IssuanceOutbox;
import com.coupon.issuance.port.out.IssuancePublisher;
import com.coupon.issuance.port.out.Participants;
import com.coupon.issuance.port.out.Ticker;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.issuance.spi.LedgerRecovery;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Puts nodes together as Spring would, from ports of a test's own. */
public final class Nodes {

    private Nodes() {}

    /** The claim path of a node of the {@code api} role. */
    public record Api(
            ClaimDispatcher dispatcher,
            AcknowledgementGate gate,
            SoldOutViews soldOut,
            OutboxRelay relay) {}

    /** What a node of the {@code consumer} role does about campaigns. */
    public record Consumer(
            CampaignRebuilding rebuilding,
            CampaignLifecycle lifecycle,
            AdjustStock stock,
            Winners winners) {}

    public static Api api(
            CouponStock stock,
            WinnerReading winners,
            IssuanceOutbox outbox,
            IssuancePublisher publisher,
            Ticker ticker,
            IssuanceProperties properties,
            MeterRegistry meters) {
        AnswerTotals nobodyLooks = (campaign, answers) -> true;
        var answers =
                new ClaimAnswers(
                        meters, ticker, new AnswerCounting(nobodyLooks, properties, meters));
        var gate = new AcknowledgementGate(properties, stock, answers, ticker, meters);
        var soldOut = new SoldOutViews(winners, ticker, properties, meters);
        var relay = new OutboxRelay(outbox, publisher, properties, meters);
        return new Api(
                new ClaimDispatcher(
                        stock, gate, soldOut, relay, answers, ticker, properties, meters),
                gate,
                soldOut,
                relay);
    }

    /** Without allow-lists, and without the archive. */
    public static Consumer consumer(
            CampaignCatalog catalog,
            CampaignArming arming,
            CampaignRecovery recovery,
            IssuanceOutbox outbox,
            Participants participants,
            LedgerRecovery ledger,
            InstantSource clock,
            IssuanceProperties properties,
            MeterRegistry meters) {
        var none = new NoAllowLists();
        var rollout = new CampaignRollout(catalog, arming, none, none);
        return new Consumer(
                new CampaignRebuilding(
                        catalog, recovery, outbox, ledger, rollout, clock, properties, meters),
                new CampaignLifecycle(
                        catalog,
                        arming,
                        rollout,
                        none,
                        campaign -> {
                            throw new UnsupportedOperationException("archiving");
                        },
                        campaign -> 0,
                        clock,
                        properties),
                new StockAdjusting(catalog, arming, rollout),
                new CouponRevoking(participants));
    }

    private static final class NoAllowLists implements AllowLists, EligibleMembers {

        private static UnsupportedOperationException none() {
            return new UnsupportedOperationException("There are no allow-lists.");
        }

        @Override
        public Set<CampaignId> naming(MemberId member) {
            throw none();
        }

        @Override
        public long begin() {
            throw none();
        }

        @Override
        public int add(CampaignId campaign, long list, List<MemberId> members) {
            throw none();
        }

        @Override
        public List<MemberId> page(CampaignId campaign, long list, String after, int limit) {
            throw none();
        }

        @Override
        public void dropUnlessNamed(CampaignId campaign, long list) {
            throw none();
        }

        @Override
        public void dropBefore(CampaignId campaign, long list) {
            throw none();
        }

        @Override
        public void putInForce(CampaignId campaign, AllowList list, Stream<List<MemberId>> pages) {
            throw none();
        }
    }
}
