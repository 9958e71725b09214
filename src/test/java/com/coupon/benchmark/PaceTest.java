package com.coupon.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 3, 7, 1_000, 12_345.6, 1_000_000})
    void eachArrivalHasComeAtItsTimeAndNotBefore(double perSecond) {
        var pace = new Pace(perSecond);
        for (long index : new long[] {0, 1, 2, 3, 99, 1_000, 1_234_567}) {
            assertThat(pace.arrivedBy(pace.at(index))).isEqualTo(index + 1);
            assertThat(pace.arrivedBy(pace.at(index) - 1)).isEqualTo(index);
        }
    }

    @Test
    void asManyArriveInASecondAsWereAskedFor() {
        var pace = new Pace(15_000);
        assertThat(pace.arrivedBy(10_000_000_000L - 1)).isEqualTo(150_000);
        assertThat(pace.arrivedBy(-1)).isZero();
    }

    @Test
    void nobodyArrivesAtNoPace() {
        assertThatThrownBy(() -> new Pace(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Pace(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoWaitsLongestGoesFirstAndWhoFindsNoRoomGoesAway() {
        var line = new WaitingLine(2);
        assertThat(line.add(1)).isTrue();
        assertThat(line.add(2)).isTrue();
        assertThat(line.add(3)).isFalse();
        assertThat(line.take()).isEqualTo(1);
        assertThat(line.add(4)).isTrue();
        assertThat(line.oldest()).isEqualTo(2);
        assertThat(line.take()).isEqualTo(2);
        assertThat(line.take()).isEqualTo(4);
        assertThat(line.isEmpty()).isTrue();
    }
}
