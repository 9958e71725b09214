package com.coupon.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.history.History.Event;
import com.coupon.history.History.Row;
import com.coupon.history.History.Status;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule passes what keeps it and finds what breaks it, by hand and in made histories. */
class HistoryCheckTest {

    private static final Answer SOLD_OUT = new Answer.SoldOut();
    private static final Answer PENDING = new Answer.Pending();
    private static final Answer TIMEOUT = new Answer.Unknown("timeout");
    private static final Answer REVOKED = new Answer.Revoked();

    private final HistoryRecorder two = new HistoryRecorder(2);

    private static Answer issued(long serial) {
        return new Answer.Issued(serial, "c" + serial);
    }

    private static Answer already(long serial) {
        return new Answer.AlreadyIssued(serial, "c" + serial);
    }

    private void claim(String member, Answer answer) {
        two.claim(member).answered(answer);
    }

    private void find(String member, Answer answer) {
        two.find(member).answered(answer);
    }

    private void row(String member, long serial) {
        row(member, serial, Status.ISSUED);
    }

    private void row(String member, long serial, Status status) {
        two.row(new Row(member, serial, "c" + serial, 1, status));
    }

    private List<Rule> broken() {
        return broken(two.history(true));
    }

    private static List<Rule> broken(History history) {
        return HistoryCheck.violations(history).stream().map(Violation::rule).distinct().toList();
    }

    @Test
    void twoWinnersAndALoserAreAsItShouldBe() {
        claim("ann", issued(1));
        claim("bob", PENDING);
        claim("cid", SOLD_OUT);
        claim("bob", already(2));
        row("ann", 1);
        row("bob", 2);

        assertThat(broken()).isEmpty();
    }

    @Test
    void whoWasToldYesMustBeInTheLedger() {
        claim("ann", issued(1));

        assertThat(broken()).contains(Rule.NO_FALSE_YES);
    }

    @Test
    void aRowMayBeOnItsWayWhileThingsAreNotSettled() {
        claim("ann", issued(1));

        assertThat(broken(two.history(false))).isEmpty();
    }

    @Test
    void aCouponThatBelongsToSomebodyElseIsAFalseYesAtOnce() {
        claim("ann", issued(1));
        claim("bob", TIMEOUT);
        row("bob", 1);

        assertThat(broken(two.history(false))).contains(Rule.NO_FALSE_YES);
    }

    @Test
    void aRevokedRowIsARow() {
        claim("ann", issued(1));
        two.revoke(1, false).done();
        row("ann", 1, Status.REVOKED);
        claim("ann", REVOKED);

        assertThat(broken()).isEmpty();
    }

    @Test
    void moreRowsThanCouponsAreTooMany() {
        for (int number = 1; number <= 3; number++) {
            claim("m" + number, issued(number));
            row("m" + number, number);
        }

        assertThat(broken()).containsExactly(Rule.NEVER_MORE_THAN_THERE_ARE);
    }

    @Test
    void aTopUpThatNobodyConfirmedMayHaveHappened() {
        two.adjust(1);
        for (int number = 1; number <= 3; number++) {
            claim("m" + number, issued(number));
            row("m" + number, number);
        }

        assertThat(broken()).isEmpty();
    }

    @Test
    void aCouponForAMemberWhoNeverClaimedIsInvented() {
        row("ann", 1);

        assertThat(broken()).containsExactly(Rule.NEVER_MORE_THAN_THERE_ARE);
    }

    @Test
    void aSerialThatIsVoidHasNoRow() {
        claim("ann", issued(1));
        row("ann", 1);
        two.voided(1);

        assertThat(broken()).containsExactly(Rule.NEVER_MORE_THAN_THERE_ARE);
    }

    @Test
    void whoClaimsLaterHasAHigherSerial() {
        claim("ann", issued(2));
        claim("bob", issued(1));
        row("ann", 2);
        row("bob", 1);

        assertThat(broken()).containsExactly(Rule.FIRST_COME_FIRST_SERVED);
    }

    @Test
    void claimsThatOverlapMayBeServedInAnyOrder() {
        HistoryRecorder.Asking bob = two.claim("bob");
        claim("ann", issued(2));
        bob.answered(issued(1));
        row("ann", 2);
        row("bob", 1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void whoHadATimeOutMayHaveWonBeforeOthersWhoHeardFirst() {
        claim("bob", TIMEOUT);
        claim("ann", issued(2));
        claim("bob", already(1));
        row("ann", 2);
        row("bob", 1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void aClaimThatIsAnsweredIssuedWonByItselfWhateverTimedOutBefore() {
        claim("bob", TIMEOUT);
        claim("ann", issued(2));
        claim("bob", issued(1));
        row("ann", 2);
        row("bob", 1);

        assertThat(broken()).containsExactly(Rule.FIRST_COME_FIRST_SERVED);
    }

    @Test
    void soldOutBeforeTheLastWinnerClaimedIsAFalseNo() {
        claim("ann", issued(1));
        claim("cid", SOLD_OUT);
        claim("bob", issued(2));
        row("ann", 1);
        row("bob", 2);

        assertThat(broken()).containsExactly(Rule.NO_FALSE_NO);
    }

    @Test
    void soldOutWhileTheLastWinnerIsNotAnsweredYetIsTrue() {
        claim("ann", issued(1));
        HistoryRecorder.Asking bob = two.claim("bob");
        claim("cid", SOLD_OUT);
        bob.answered(TIMEOUT);
        row("ann", 1);
        row("bob", 2);

        assertThat(broken()).isEmpty();
    }

    @Test
    void soldOutOfCouponsThatNobodyHasIsAFalseNo() {
        claim("ann", issued(1));
        claim("cid", SOLD_OUT);
        claim("dan", TIMEOUT);
        row("ann", 1);

        assertThat(broken()).contains(Rule.NO_FALSE_NO, Rule.ALL_ARE_HANDED_OUT);
    }

    @Test
    void soldOutOfACouponThatIsVoidIsTrue() {
        claim("ann", issued(1));
        claim("bob", PENDING);
        claim("cid", SOLD_OUT);
        claim("bob", SOLD_OUT);
        row("ann", 1);
        two.voided(2);

        assertThat(broken()).isEmpty();
    }

    @Test
    void soldOutBeforeEnoughClaimsWereSentIsAFalseNoWhateverIsVoidLater() {
        claim("ann", SOLD_OUT);
        two.voided(1);
        two.voided(2);

        assertThat(broken()).containsExactly(Rule.NO_FALSE_NO);
    }

    @Test
    void whoWasToldSoldOutDoesNotGetOneOfThoseCoupons() {
        claim("bob", TIMEOUT);
        claim("ann", issued(1));
        claim("bob", SOLD_OUT);
        find("bob", already(2));
        row("ann", 1);
        row("bob", 2);

        assertThat(broken()).containsExactly(Rule.NO_FALSE_NO);
    }

    @Test
    void whoWasToldSoldOutMayGetACouponThatIsAddedLater() {
        claim("ann", issued(1));
        claim("bob", issued(2));
        claim("cid", SOLD_OUT);
        two.adjust(1).done();
        claim("cid", issued(3));
        row("ann", 1);
        row("bob", 2);
        row("cid", 3);

        assertThat(broken()).isEmpty();
    }

    @Test
    void soldOutAfterATopUpThatWasConfirmedIsAFalseNo() {
        claim("ann", issued(1));
        claim("bob", issued(2));
        two.adjust(1).done();
        claim("cid", SOLD_OUT);
        claim("dan", issued(3));
        row("ann", 1);
        row("bob", 2);
        row("dan", 3);

        assertThat(broken()).containsExactly(Rule.NO_FALSE_NO);
    }

    @Test
    void soldOutAfterACutThatMayHaveHappenedIsTrue() {
        claim("ann", issued(1));
        HistoryRecorder.Acting cut = two.adjust(-1);
        claim("cid", SOLD_OUT);
        cut.done();
        row("ann", 1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void whatIsStillOnItsWayMayHaveEmptiedTheStock() {
        claim("ann", issued(1));
        claim("bob", TIMEOUT);
        claim("cid", SOLD_OUT);

        assertThat(broken(two.history(false))).isEmpty();
        assertThat(broken()).contains(Rule.NO_FALSE_NO);
    }

    @Test
    void asManyMembersAsCouponsNeedNotHaveBeenThere() {
        claim("ann", issued(1));
        row("ann", 1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void aCouponThatNobodyGotThoughEnoughAskedIsMissing() {
        claim("ann", issued(1));
        claim("bob", SOLD_OUT);
        row("ann", 1);

        assertThat(broken()).contains(Rule.ALL_ARE_HANDED_OUT);
    }

    @Test
    void anotherSerialOrCodeTheSecondTimeIsAChange() {
        claim("ann", issued(1));
        find("ann", new Answer.AlreadyIssued(1, "another"));
        row("ann", 1);

        assertThat(broken()).containsExactly(Rule.SAME_ANSWER_AGAIN);
    }

    @Test
    void noClaimAfterAYesIsAChange() {
        claim("ann", issued(1));
        find("ann", new Answer.NoClaim());
        row("ann", 1);

        assertThat(broken()).containsExactly(Rule.SAME_ANSWER_AGAIN);
    }

    @Test
    void pausedAfterAYesIsAChange() {
        claim("ann", issued(1));
        claim("ann", new Answer.Refused("paused"));
        row("ann", 1);

        assertThat(broken()).containsExactly(Rule.SAME_ANSWER_AGAIN);
    }

    @Test
    void pendingOrUnavailableAfterAYesIsNone() {
        claim("ann", issued(1));
        claim("ann", PENDING);
        find("ann", TIMEOUT);
        row("ann", 1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void revokedThatNobodyRevokedIsAChange() {
        claim("ann", issued(1));
        claim("ann", REVOKED);
        row("ann", 1);

        assertThat(broken()).containsExactly(Rule.SAME_ANSWER_AGAIN);
    }

    @Test
    void aYesAfterARevocationThatWasConfirmedIsAChange() {
        claim("ann", issued(1));
        two.revoke(1, false).done();
        claim("ann", already(1));
        row("ann", 1, Status.REVOKED);

        assertThat(broken()).containsExactly(Rule.SAME_ANSWER_AGAIN);
    }

    @Test
    void whileARevocationIsUnderWayBothAnswersAreRight() {
        claim("ann", issued(1));
        HistoryRecorder.Acting revocation = two.revoke(1, false);
        claim("ann", already(1));
        claim("ann", REVOKED);
        revocation.done();
        row("ann", 1, Status.REVOKED);

        assertThat(broken()).isEmpty();
    }

    @Test
    void anEventIsInTheLedgerOrAmongTheDeadLetters() {
        claim("ann", issued(1));
        row("ann", 1);
        two.event(new Event(1, 1, "ann", "c1"));
        two.event(new Event(1, 1, "ann", "c1"));
        var other = new Event(1, 1, "bob", "other");
        two.event(other);

        assertThat(broken()).containsExactly(Rule.NO_EVENT_IS_LOST);
        two.deadLetter(other);
        assertThat(broken()).isEmpty();
    }

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("coupon.test.seeds", 500));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aHistoryThatKeepsAllRulesBreaksNone(long seed) {
        History history = MadeHistory.of(seed);

        assertThat(HistoryCheck.violations(history))
                .as(() -> String.join("\n", history.lines().toList()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aHistoryThatWasCorruptedIsNoticed(Corruption corruption) {
        int tried = 0;
        for (long seed = 0; seed < 300; seed++) {
            History corrupt = corruption.corrupt(MadeHistory.of(seed), new Random(seed));
            if (corrupt != null) {
                tried++;
                assertThat(broken(corrupt)).as("seed %d", seed).contains(corruption.rule());
            }
        }
        assertThat(tried).isGreaterThan(50);
    }
}
