package com.coupon.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {

    private static final Duration MINUTE = Duration.ofSeconds(60);

    private static List<Long> times(Arrivals arrivals) {
        return IntStream.rangeClosed(1, arrivals.members()).mapToObj(arrivals::nanos).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5_000, 1_000_000})
    void theyComeOneAfterTheOtherWithinTheTime(int members) {
        assertThat(times(new Arrivals(members, MINUTE)))
                .isSorted()
                .allSatisfy(time -> assertThat(time).isBetween(0L, MINUTE.toNanos()));
    }

    @Test
    void mostOfThemComeAfterAQuarterOfTheTime() {
        List<Long> times = times(new Arrivals(10_000, MINUTE));
        List<Long> inEachTwelfth =
                IntStream.range(0, 12)
                        .mapToObj(i -> times.stream().filter(t -> t / 5_000_000_000L == i).count())
                        .toList();

        assertThat(inEachTwelfth.subList(0, 3)).isSorted();
        assertThat(inEachTwelfth.subList(3, 12)).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(inEachTwelfth.getFirst()).isLessThan(300);
        assertThat(inEachTwelfth.get(2) + inEachTwelfth.get(3)).isGreaterThan(2_500);
        assertThat(inEachTwelfth.getLast()).isLessThan(100);
    }

    @Test
    void aCrowdThatTakesNoTimeIsThereAtOnce() {
        assertThat(times(new Arrivals(100, Duration.ZERO))).containsOnly(0L);
    }

    @Test
    void nobodyAndNegativeTimesAreNoCrowd() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Arrivals(0, MINUTE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Arrivals(1, Duration.ofSeconds(-1)));
    }
}
