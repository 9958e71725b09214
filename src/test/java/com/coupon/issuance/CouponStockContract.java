package com.coupon.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignArming.Change;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every stock keeps, real or fake. */
public abstract class CouponStockContract {

    protected abstract CouponStock stock();

    protected abstract CampaignArming arming();

    private CampaignId open(long quantity) {
        Campaign draft = Campaigns.draft(Campaigns.newId(), quantity);
        arming().arm(draft);
        assertThat(arming().change(draft.published())).isEqualTo(Change.APPLIED);
        return draft.id();
    }

    private Decision decide(Question question, CampaignId campaign, String... members) {
        try (Decision decision =
                stock().decide(
                                new ClaimBatch(
                                        campaign,
                                        question,
                                        Arrays.stream(members).map(MemberId::new).toList(),
                                        Confirmed.EVERYTHING))) {
            return decision;
        }
    }

    private List<ClaimResult> claim(CampaignId campaign, String... members) {
        return decide(Question.CLAIM, campaign, members).results();
    }

    private static IssuedCoupon won(ClaimResult result) {
        return switch (result) {
            case ClaimResult.Issued(var coupon) -> coupon;
            case ClaimResult.AlreadyIssued(var coupon) -> coupon;
            default -> throw new AssertionError("No coupon in " + result);
        };
    }

    @Test
    void theFirstToComeAreServedInTheirOrder() {
        List<ClaimResult> results = claim(open(2), "ann", "bob", "cid");

        assertThat(results.subList(0, 2)).hasOnlyElementsOfType(ClaimResult.Issued.class);
        assertThat(results.subList(0, 2))
                .extracting(result -> won(result).serial())
                .containsExactly(1L, 2L);
        assertThat(results.get(2)).isEqualTo(new ClaimResult.SoldOut());
    }

    @Test
    void aWinnerWhoAsksAgainAfterSellOutGetsTheSameCoupon() {
        CampaignId campaign = open(1);
        IssuedCoupon coupon = won(claim(campaign, "ann").getFirst());

        assertThat(claim(campaign, "bob", "ann"))
                .containsExactly(new ClaimResult.SoldOut(), new ClaimResult.AlreadyIssued(coupon));
        assertThat(decide(Question.FIND, campaign, "ann", "bob").results())
                .containsExactly(new ClaimResult.AlreadyIssued(coupon), new ClaimResult.NoClaim());
    }

    @Test
    void aMemberTwiceInABatchIsOneClaim() {
        List<ClaimResult> results = claim(open(2), "ann", "ann", "bob");

        assertThat(results.get(1)).isEqualTo(new ClaimResult.AlreadyIssued(won(results.get(0))));
        assertThat(won(results.get(2)).serial()).isEqualTo(2);
    }

    @Test
    void whatIsIssuedIsInTheOutboxAndNothingElseIs() {
        CampaignId campaign = open(1);
        Decision decision = decide(Question.CLAIM, campaign, "ann", "ann", "bob");

        assertThat(decision.outbox())
                .extracting(OutboxEntry::coupon)
                .containsExactly(won(decision.results().getFirst()));
        assertThat(decision.issued()).isEqualTo(1);
        assertThat(decide(Question.CLAIM, campaign, "ann", "cid").outbox()).isEmpty();
    }

    @Test
    void aDraftIsUnknownAlsoWhenItIsArmed() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
        arming().announce(List.of());
        assertThat(claim(draft.id(), "ann")).containsExactly(new ClaimResult.UnknownCampaign());

        arming().arm(draft);
        assertThat(claim(draft.id(), "ann")).containsExactly(new ClaimResult.UnknownCampaign());
    }

    @Test
    void armingAgainNeverRefillsTheStock() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
        arming().arm(draft);
        arming().change(draft.published());
        claim(draft.id(), "ann");

        arming().arm(draft);
        assertThat(arming().change(draft.published())).isEqualTo(Change.CURRENT);
        assertThat(claim(draft.id(), "bob")).containsExactly(new ClaimResult.SoldOut());
    }

    @Test
    void aChangeCreatesNothing() {
        assertThat(arming().change(Campaigns.draft(Campaigns.newId(), 1).published()))
                .isEqualTo(Change.ABSENT);
    }

    @Test
    void aDecisionCanBeConfirmed() {
        try (Decision decision =
                stock().decide(
                                new ClaimBatch(
                                        open(1),
                                        Question.CLAIM,
                                        List.of(new MemberId("ann")),
                                        Confirmed.NOTHING))) {
            assertThat(decision.confirm(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void neverMoreThanThereAreHoweverManyClaimAtOnce() {
        CampaignId campaign = open(100);
        Queue<ClaimResult> results = new ConcurrentLinkedQueue<>();

        IntStream.range(0, 500)
                .parallel()
                .forEach(
                        number -> results.addAll(claim(campaign, "m" + number, "n" + number % 50)));

        List<IssuedCoupon> issued =
                results.stream()
                        .filter(ClaimResult.Issued.class::isInstance)
                        .map(CouponStockContract::won)
                        .toList();
        assertThat(issued)
                .extracting(IssuedCoupon::serial)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 100).mapToObj(Long::valueOf).toList());
        assertThat(issued).extracting(IssuedCoupon::member).doesNotHaveDuplicates();
        assertThat(issued).extracting(IssuedCoupon::code).doesNotHaveDuplicates();
    }
}
