package com.coupon.examples.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryBudgetTest {

    private static int repeats(RetryBudget budget) {
        int repeats = 0;
        while (budget.allowsRepeat()) {
            repeats++;
        }
        return repeats;
    }

    @Test
    void aShareOfTheFirstAttemptsMayBeRepeatedAndAReserve() {
        var budget = new RetryBudget(10, 5);
        assertThat(repeats(budget)).isEqualTo(5);

        for (int i = 0; i < 29; i++) {
            budget.attempt();
        }

        assertThat(repeats(budget)).as("a tenth of 29").isEqualTo(2);
        budget.attempt();
        assertThat(repeats(budget)).as("of 30").isEqualTo(1);
    }

    @Test
    void aCalmSavesUpNoMoreThanTheReserve() {
        var budget = new RetryBudget(10, 5);
        for (int i = 0; i < 10_000; i++) {
            budget.attempt();
        }
        assertThat(repeats(budget)).isEqualTo(5);
    }

    @Test
    void withoutAShareAndAReserveNothingIsRepeated() {
        var budget = new RetryBudget(0, 0);
        budget.attempt();
        assertThat(budget.allowsRepeat()).isFalse();
    }

    /** Each claim is refused, and repeated as often as is allowed. */
    @Test
    void manyThreadsShareItExactly() {
        var budget = new RetryBudget(20, 1_000);
        var repeats = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                threads.execute(() -> {
                    for (int claim = 0; claim < 1_000; claim++) {
                        budget.attempt();
                        repeats.addAndGet(budget.allowsRepeat() ? 1 : 0);
                    }
                });
            }
        }
        int rest = repeats(budget);

        // As many threads as there are may find the reserve full, and lose a fifth of a token each
        int all = 1_000 + 64_000 / 5;
        assertThat(repeats.get() + rest).isBetween(all - 64 / 5 - 1, all);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "101, 0", "0, -1", "0, 1000001"})
    void aBudgetWithoutBoundsIsNone(int percent, int reserve) {
        assertThatThrownBy(() -> new RetryBudget(percent, reserve))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
