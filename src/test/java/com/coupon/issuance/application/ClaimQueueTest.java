package com.coupon.issuance.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Who gets in and who comes first, on a clock that the test sets. */
class ClaimQueueTest {

    private static final CampaignId CAMPAIGN = new CampaignId("a-campaign");
    private static final Duration BATCH = Duration.ofMillis(10);

    private long nanos = 1_000_000_000_000L;
    private int members;

    private ClaimQueue queue(Object... properties) {
        Map<String, Object> values =
                new HashMap<>(
                        Map.of(
                                "coupon.issuance.claims.batch-size", 4,
                                "coupon.issuance.claims.queue-capacity", 1_000));
        for (int i = 0; i < properties.length; i += 2) {
            values.put("coupon.issuance.claims." + properties[i], properties[i + 1]);
        }
        IssuanceProperties issuance =
                new Binder(new MapConfigurationPropertySource(values))
                        .bindOrCreate("coupon.issuance", IssuanceProperties.class);
        return new ClaimQueue(issuance.claims(), nanos);
    }

    private PendingClaim claim(Question question) {
        return new PendingClaim(
                CAMPAIGN,
                new MemberId("m" + members++),
                question,
                nanos,
                new CompletableFuture<>());
    }

    private boolean offer(ClaimQueue queue) {
        return queue.offer(claim(Question.CLAIM), false, nanos);
    }

    private int offer(ClaimQueue queue, int claims) {
        int admitted = 0;
        for (int i = 0; i < claims; i++) {
            admitted += offer(queue) ? 1 : 0;
        }
        return admitted;
    }

    /** Takes a batch, which is worked off when the next one is taken. */
    private List<PendingClaim> take(ClaimQueue queue) throws InterruptedException {
        List<PendingClaim> batch = queue.take(Duration.ZERO, () -> nanos);
        nanos += BATCH.toNanos();
        return batch;
    }

    private static List<String> members(List<PendingClaim> claims) {
        return claims.stream().map(claim -> claim.member().value()).toList();
    }

    private void learnHowLongBatchesTake(ClaimQueue queue) throws InterruptedException {
        for (int i = 0; i < 40; i++) {
            offer(queue, 4);
            take(queue);
        }
        take(queue);
    }

    @Test
    void claimsAreTakenInTheOrderOfTheirComing() throws InterruptedException {
        ClaimQueue queue = queue();
        offer(queue, 6);

        assertThat(members(take(queue))).containsExactly("m0", "m1", "m2", "m3");
        assertThat(members(take(queue))).containsExactly("m4", "m5");
        assertThat(take(queue)).isEmpty();
    }

    @Test
    void aBurstIsLetInAsFarAsItIsWorkedOffInTime() throws InterruptedException {
        ClaimQueue queue = queue();
        learnHowLongBatchesTake(queue);

        // 1 s is 100 batches of four
        assertThat(offer(queue, 1_000)).isBetween(380, 420);
    }

    /** As a drop begins: nobody comes for a while, and then all at once. */
    @Test
    void aBurstAfterARestIsLetInAsAnyOther() throws InterruptedException {
        ClaimQueue queue = queue();
        learnHowLongBatchesTake(queue);
        nanos += Duration.ofSeconds(10).toNanos();
        assertThat(take(queue)).isEmpty();

        assertThat(offer(queue, 1_000)).isBetween(380, 420);
    }

    @Test
    void whoeverComesToALaneThatDoesNotKeepUpIsTurnedAwayAtOnce() throws InterruptedException {
        ClaimQueue queue = queue();
        learnHowLongBatchesTake(queue);
        int admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            admitted += offer(queue, 40); // ten times what is worked off
            take(queue);
        }

        assertThat(queue.size()).as("25 ms are two batches and a half").isLessThanOrEqualTo(12);
        assertThat(admitted).isGreaterThan(1_000 * 4 * 9 / 10);
        take(queue);
        assertThat(offer(queue)).as("there is room for as many as are worked off").isTrue();
    }

    /** Each batch empties the queue, but only because so many are turned away. */
    @Test
    void aQueueThatIsShortBecauseOfThatStaysShort() throws InterruptedException {
        ClaimQueue queue = queue("queue-target", "1ms");
        learnHowLongBatchesTake(queue);
        int longest = 0;
        for (int i = 0; i < 1_000; i++) {
            offer(queue, 40);
            longest = i < 300 ? 0 : Math.max(longest, queue.size());
            take(queue);
        }
        assertThat(longest).isLessThanOrEqualTo(8);
    }

    /** The negative control: without the target everybody who is let in waits for a second. */
    @Test
    void withoutATargetTheQueueStaysLong() throws InterruptedException {
        ClaimQueue queue = queue("queue-target", "1s");
        learnHowLongBatchesTake(queue);
        for (int i = 0; i < 1_000; i++) {
            offer(queue, 40);
            take(queue);
        }
        assertThat(queue.size()).isGreaterThan(300);
    }

    private void workOff(ClaimQueue queue) throws InterruptedException {
        while (!take(queue).isEmpty()) {}
    }

    @Test
    void onceItKeepsUpAgainBurstsAreLetInAgain() throws InterruptedException {
        ClaimQueue queue = queue();
        learnHowLongBatchesTake(queue);
        for (int i = 0; i < 1_000; i++) {
            offer(queue, 40);
            take(queue);
        }
        workOff(queue);
        assertThat(offer(queue, 200)).as("it may be a moment's rest").isLessThan(20);

        workOff(queue);
        nanos += Duration.ofSeconds(1).toNanos();
        offer(queue);
        take(queue);
        assertThat(offer(queue, 200)).isEqualTo(200);
    }

    @Test
    void questionsAndRepeatsOfWinnersGoFirstButLeaveHalfOfABatch() throws InterruptedException {
        ClaimQueue queue = queue();
        offer(queue, 3);
        for (int i = 0; i < 2; i++) {
            queue.offer(claim(Question.FIND), false, nanos);
            queue.offer(claim(Question.CLAIM), true, nanos);
        }

        assertThat(members(take(queue))).containsExactly("m3", "m4", "m0", "m1");
        assertThat(members(take(queue))).containsExactly("m5", "m6", "m2");
    }

    @Test
    void theyAreLetInWhereNewClaimsAreNot() throws InterruptedException {
        ClaimQueue queue = queue("queue-timeout", "10ms");
        learnHowLongBatchesTake(queue);
        offer(queue, 100);

        assertThat(offer(queue)).isFalse();
        assertThat(queue.offer(claim(Question.FIND), false, nanos)).isTrue();
        assertThat(queue.offer(claim(Question.CLAIM), true, nanos)).isTrue();
    }

    @Test
    void howeverManyQuestionsComeHalfOfWhatIsDoneIsForNewClaims() throws InterruptedException {
        ClaimQueue queue = queue();
        learnHowLongBatchesTake(queue);
        int admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            for (int question = 0; question < 8; question++) { // twice as many as are answered
                queue.offer(claim(Question.FIND), false, nanos);
            }
            admitted += offer(queue, 4);
            take(queue);
        }

        assertThat(admitted).isGreaterThan(1_000 * 2 * 9 / 10);
    }

    @Test
    void aBatchOfOneIsForEitherInTurn() throws InterruptedException {
        ClaimQueue queue = queue("batch-size", 1);
        for (int i = 0; i < 4; i++) {
            queue.offer(claim(Question.FIND), false, nanos);
        }
        offer(queue, 2);

        List<Question> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            taken.add(take(queue).getFirst().question());
        }
        assertThat(taken.subList(0, 4)).filteredOn(Question.CLAIM::equals).hasSize(2);
        assertThat(take(queue)).isEmpty();
    }

    @Test
    void noMoreWaitThanThereIsRoomFor() {
        ClaimQueue queue = queue("queue-capacity", 5);

        assertThat(offer(queue, 9)).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            assertThat(queue.offer(claim(Question.FIND), false, nanos)).isTrue();
        }
        assertThat(queue.offer(claim(Question.FIND), false, nanos)).isFalse();
    }

    @Test
    void aWinnerIsKnownUntilTooManyHaveCome() {
        var winners = new RecentWinners();
        winners.add(CAMPAIGN, new MemberId("ann"));

        assertThat(winners.has(CAMPAIGN, new MemberId("ann"))).isTrue();
        assertThat(winners.has(CAMPAIGN, new MemberId("bob"))).isFalse();
        assertThat(winners.has(new CampaignId("another"), new MemberId("ann"))).isFalse();
        for (int i = 0; i < 1_000_000; i++) {
            winners.add(CAMPAIGN, new MemberId("m" + i));
        }
        assertThat(winners.has(CAMPAIGN, new MemberId("ann"))).isFalse();
    }
}
