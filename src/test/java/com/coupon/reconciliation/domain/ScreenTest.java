package com.coupon.reconciliation.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.reconciliation.domain.Copy.Status;
import com.coupon.reconciliation.domain.Screen.Range;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A screen suspects what differs, and next to nothing else. */
class ScreenTest {

    private static final int STOCK = 10_000;

    private static Copy copy(long serial, String member, String code, Status status) {
        return new Copy(
                new IssuedCoupon(
                        new CampaignId("screened"),
                        new MemberId(member),
                        serial,
                        new CouponCode(code),
                        Instant.EPOCH,
                        1),
                status);
    }

    private static Copy copy(long serial) {
        return copy(serial, "m" + serial, "%020x".formatted(serial * 31), Status.ISSUED);
    }

    private static List<Copy> all(Random random) {
        List<Copy> copies =
                new ArrayList<>(
                        IntStream.rangeClosed(1, STOCK).mapToObj(ScreenTest::copy).toList());
        Collections.shuffle(copies, random);
        return copies;
    }

    private static Screen screen(List<Copy> rows, List<Copy> winners, long seed) {
        var screen = new Screen(STOCK, seed);
        rows.forEach(screen::recorded);
        winners.forEach(screen::scanned);
        return screen;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sidesWithTheSameCouponsInAnotherOrderAreNotSuspect(long seed) {
        var random = new Random(seed);

        assertThat(screen(all(random), all(random), seed).hasSuspects()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void oneDifferenceMakesItsRangeSuspectAndNoOther(long seed) {
        var random = new Random(seed);
        int serial = 1 + random.nextInt(STOCK);
        List<Copy> winners = all(random);
        Copy changed =
                switch ((int) (seed % 4)) {
                    case 0 -> copy(serial, "zed", "%020x".formatted(serial * 31L), Status.ISSUED);
                    case 1 -> copy(serial, "m" + serial, "f".repeat(20), Status.ISSUED);
                    case 2 ->
                            copy(
                                    serial,
                                    "m" + serial,
                                    "%020x".formatted(serial * 31L),
                                    Status.REVOKED);
                    default -> null;
                };
        winners.removeIf(winner -> winner.serial() == serial);
        if (changed != null) {
            winners.add(changed);
        }

        Screen screen = screen(all(random), winners, seed);

        assertThat(screen.isSuspect(serial)).isTrue();
        Range range = screen.nextSuspect(0);
        assertThat(serial)
                .isGreaterThan((int) range.after())
                .isLessThanOrEqualTo((int) range.upTo());
        assertThat(screen.nextSuspect(range.upTo())).isEqualTo(Range.NONE);
    }

    @Test
    void twoThatHaveEachOthersCodesAreSuspect() {
        List<Copy> winners = new ArrayList<>(all(new Random(1)));
        winners.removeIf(winner -> winner.serial() <= 2);
        winners.add(copy(1, "m1", "%020x".formatted(62), Status.ISSUED));
        winners.add(copy(2, "m2", "%020x".formatted(31), Status.ISSUED));

        assertThat(screen(all(new Random(2)), winners, 1).isSuspect(1)).isTrue();
    }

    @Test
    void aWinnerThatIsScannedTwiceDoesNotHideWhatIsMissing() {
        List<Copy> winners = new ArrayList<>(all(new Random(1)));
        winners.removeIf(winner -> winner.serial() == 7);
        winners.add(copy(8));

        assertThat(screen(all(new Random(2)), winners, 1).isSuspect(7)).isTrue();
    }

    @Test
    void whatIsBeyondTheStockIsSuspect() {
        Screen screen = screen(List.of(), List.of(copy(STOCK + 1L)), 1);

        assertThat(screen.hasSuspects()).isTrue();
        assertThat(screen.isSuspect(STOCK + 1L)).isTrue();
    }

    @Test
    void aCouponThatIsBeingTakenBackIsLookedAt() {
        Copy row = copy(3, "m3", "%020x".formatted(93), Status.REVOKING);

        assertThat(screen(List.of(row), List.of(copy(3)), 1).isSuspect(3)).isTrue();
    }
}
