package com.coupon.issuance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.coupon.Campaigns;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.memory.InMemoryAnswers;
import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What is counted, and that it is counted once. */
class AnswerCountingTest {

    private static final MemberId ANN = new MemberId("ann");

    private final CampaignId campaign = Campaigns.newId();
    private final InMemoryAnswers totals = new InMemoryAnswers();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AnswerCounting counting = counting(10);

    @BeforeEach
    void openTheCampaign() {
        totals.open(campaign, 5);
    }

    private AnswerCounting counting(int campaigns) {
        var properties =
                new Binder(
                                new MapConfigurationPropertySource(
                                        Map.of("coupon.issuance.stats.campaigns", campaigns)))
                        .bindOrCreate("coupon.issuance", IssuanceProperties.class);
        return new AnswerCounting(totals, properties, meters);
    }

    private static void tell(AnswerCounting node, CampaignId campaign, ClaimResult result) {
        node.count(claim(campaign, Question.CLAIM).group(), result);
    }

    private static PendingClaim claim(CampaignId campaign, Question question) {
        return new PendingClaim(campaign, ANN, question, 0, new CompletableFuture<>());
    }

    private static IssuedCoupon coupon() {
        return new IssuedCoupon(
                new CampaignId("welcome"),
                ANN,
                1,
                new CouponCode("00112233445566778899"),
                Instant.EPOCH,
                1);
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                arguments(new ClaimResult.Issued(coupon()), ClaimOutcome.ISSUED),
                arguments(new ClaimResult.AlreadyIssued(coupon()), ClaimOutcome.ALREADY_ISSUED),
                arguments(new ClaimResult.Pending(), ClaimOutcome.PENDING),
                arguments(new ClaimResult.Revoked(), ClaimOutcome.REVOKED),
                arguments(new ClaimResult.Archived(), ClaimOutcome.ARCHIVED),
                arguments(
                        new ClaimResult.NotOpenYet(Instant.EPOCH, Duration.ofSeconds(1)),
                        ClaimOutcome.NOT_OPEN_YET),
                arguments(new ClaimResult.Paused(), ClaimOutcome.PAUSED),
                arguments(new ClaimResult.Closed(), ClaimOutcome.CLOSED),
                arguments(new ClaimResult.SoldOut(), ClaimOutcome.SOLD_OUT),
                arguments(new ClaimResult.NotEligible(), ClaimOutcome.NOT_ELIGIBLE));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void everyAnswerIsCountedAsWhatItIs(ClaimResult result, ClaimOutcome outcome) {
        tell(counting, campaign, result);
        tell(counting, campaign, result);
        counting.flush();

        assertThat(totals.answers(campaign)).isEqualTo(Map.of(outcome, 2L));
    }

    @Test
    void failuresAreCountedOnceTheCampaignIsKnownToExist() {
        tell(counting, campaign, new ClaimResult.Overloaded());
        tell(counting, campaign, new ClaimResult.SoldOut());
        tell(counting, campaign, new ClaimResult.Overloaded());
        tell(counting, campaign, new ClaimResult.Unavailable());
        tell(counting, campaign, new ClaimResult.Recovering());
        counting.flush();

        assertThat(totals.answers(campaign))
                .isEqualTo(
                        Map.of(
                                ClaimOutcome.SOLD_OUT, 1L,
                                ClaimOutcome.OVERLOADED, 1L,
                                ClaimOutcome.UNAVAILABLE, 1L,
                                ClaimOutcome.RECOVERING, 1L));
        assertThat(uncounted()).isEqualTo(1);
    }

    private double uncounted() {
        return meters.get("coupon.claims.uncounted").counter().count();
    }

    @Test
    void whatHasNoCampaignIsNotCounted() {
        CampaignId madeUp = Campaigns.newId();
        tell(counting, madeUp, new ClaimResult.UnknownCampaign());
        tell(counting, madeUp, new ClaimResult.Overloaded());
        counting.count(claim(campaign, Question.FIND).group(), new ClaimResult.NoClaim());
        counting.count(
                claim(campaign, Question.FIND).group(), new ClaimResult.AlreadyIssued(coupon()));
        counting.flush();

        assertThat(totals.additions()).isZero();
    }

    @Test
    void nothingIsAddedWhereNothingWasTold() {
        counting.flush();
        tell(counting, campaign, new ClaimResult.SoldOut());
        counting.flush();
        counting.flush();

        assertThat(totals.additions()).isEqualTo(1);
    }

    @Test
    void nodesAddUp() {
        AnswerCounting other = counting(10);
        tell(counting, campaign, new ClaimResult.SoldOut());
        tell(other, campaign, new ClaimResult.SoldOut());
        counting.flush();
        other.flush();
        tell(counting, campaign, new ClaimResult.SoldOut());
        counting.flush();

        assertThat(totals.answers(campaign)).isEqualTo(Map.of(ClaimOutcome.SOLD_OUT, 3L));
    }

    @Test
    void campaignsBeyondTheBoundAreNotCountedAndSaidSo() {
        AnswerCounting small = counting(1);
        CampaignId second = Campaigns.newId();
        totals.open(second, 5);
        tell(small, campaign, new ClaimResult.SoldOut());
        tell(small, second, new ClaimResult.SoldOut());
        tell(small, campaign, new ClaimResult.SoldOut());
        small.flush();

        assertThat(totals.answers(campaign)).isEqualTo(Map.of(ClaimOutcome.SOLD_OUT, 2L));
        assertThat(totals.answers(second)).isEmpty();
        assertThat(uncounted()).isEqualTo(1);
    }

    @Test
    void aCampaignThatHasLongBeenQuietMakesRoomAndIsCountedOn() {
        AnswerCounting small = counting(1);
        CampaignId second = Campaigns.newId();
        totals.open(second, 5);
        tell(small, campaign, new ClaimResult.SoldOut());
        for (int i = 0; i <= 601; i++) {
            small.flush();
        }
        tell(small, second, new ClaimResult.SoldOut());
        small.flush();

        assertThat(totals.answers(campaign)).isEqualTo(Map.of(ClaimOutcome.SOLD_OUT, 1L));
        assertThat(totals.answers(second)).isEqualTo(Map.of(ClaimOutcome.SOLD_OUT, 1L));
    }

    @Test
    void whatWasSurelyNotAddedIsAddedLater() {
        tell(counting, campaign, new ClaimResult.SoldOut());
        totals.failBy(Reason.UNDECIDED);
        assertThatThrownBy(counting::flush).isInstanceOf(IssuanceUnavailableException.class);
        tell(counting, campaign, new ClaimResult.SoldOut());
        totals.failBy(null);
        counting.flush();

        assertThat(totals.answers(campaign)).isEqualTo(Map.of(ClaimOutcome.SOLD_OUT, 2L));
    }

    @Test
    void whatMayHaveBeenAddedIsNotAddedAgain() {
        tell(counting, campaign, new ClaimResult.SoldOut());
        totals.failBy(Reason.UNKNOWN);
        assertThatThrownBy(counting::flush).isInstanceOf(IssuanceUnavailableException.class);
        totals.failBy(null);
        counting.flush();

        assertThat(totals.additions()).isZero();
    }

    @Test
    void nothingIsLostOrCountedTwiceWhileManyAreTold() {
        IntStream.range(0, 40_000)
                .parallel()
                .forEach(number -> {
                    tell(counting, campaign, new ClaimResult.SoldOut());
                    if (number % 1_000 == 0) {
                        synchronized (totals) {
                            counting.flush();
                        }
                    }
                });
        counting.flush();

        assertThat(totals.answers(campaign)).isEqualTo(Map.of(ClaimOutcome.SOLD_OUT, 40_000L));
    }
}
