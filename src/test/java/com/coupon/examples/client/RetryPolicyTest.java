package com.coupon.examples.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chance is passed in: it is the least, the most, or that of a seed. */
class RetryPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RandomGenerator LEAST = drawing(0);
    private static final RandomGenerator MOST = drawing(-1);

    private final RetryPolicy policy =
            new RetryPolicy(
                    6,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    SECOND,
                    Duration.ofSeconds(10));

    /** Draws the number, or one counted from the bound where it is negative. */
    private static RandomGenerator drawing(long number) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("without a bound");
            }

            @Override
            public long nextLong(long bound) {
                return Math.floorMod(number, bound);
            }
        };
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    header                          , seconds
                    0                               ,      0
                    1                               ,      1
                    ' 3 '                           ,      3
                    007                             ,      7
                    86400                           ,  86400
                    86401                           ,  86400
                    999999999                       ,  86400
                    9223372036854775808             ,  86400
                    99999999999999999999999999999999,  86400
                    'Fri, 02 Jan 2026 03:04:15 GMT' ,     10
                    'Fri, 02 Jan 2026 03:04:05 GMT' ,      0
                    'Thu, 01 Jan 1970 00:00:00 GMT' ,      0
                    'Fri, 31 Dec 9999 23:59:59 GMT' ,  86400
                    """)
    void whatTheServerAsksForIsReadAsSecondsOrAsADate(String header, long seconds) {
        assertThat(RetryPolicy.retryAfter(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1.5",
                "1e3",
                "1s",
                "soon",
                "NaN",
                "1, 2",
                "١",
                "2026-01-02T03:04:15Z",
                "Fri, 32 Jan 2026 03:04:15 GMT",
                "Mon, 02 Jan 2026 03:04:15 GMT"
            })
    void whatMakesNoSenseCountsAsNothing(String header) {
        assertThat(RetryPolicy.retryAfter(header, NOW)).isNull();
    }

    @Test
    void whereTheServerAsksForNothingThereIsNothingToRead() {
        assertThat(RetryPolicy.retryAfter(null, NOW)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    failures, least , most
                        1   ,   0   ,   1
                        2   ,   0   ,   2
                        3   ,   0   ,   4
                        4   ,   0   ,   8
                        5   ,   0   ,  10
                      100   ,   0   ,  10
                    """)
    void theBackOffIsByChanceFromNothingToTwiceAsMuchEachTime(int failures, long least, long most) {
        assertThat(policy.waitAfter(failures, null, LEAST)).isEqualTo(Duration.ofSeconds(least));
        assertThat(policy.waitAfter(failures, null, MOST)).isEqualTo(Duration.ofSeconds(most));
    }

    @Test
    void nobodyComesBackSoonerThanTheServerAsksFor() {
        var random = new Random(1);
        for (int failures = 1; failures <= 6; failures++) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(policy.waitAfter(failures, Duration.ofSeconds(3), random))
                        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(13));
            }
        }
    }

    /** Tenths of a second in which a crowd that hears "3" at once comes back. */
    @Test
    void aCrowdThatIsToldTheSameDoesNotComeBackAsAWave() {
        var random = new Random(1);
        int[] comeBack = returns(10_000, () -> policy.waitAfter(1, Duration.ofSeconds(3), random));
        for (int tenth = 30; tenth < 40; tenth++) {
            assertThat(comeBack[tenth]).as("tenth %d", tenth).isBetween(800, 1_200);
        }

        // The control: without chance
        int[] wave = returns(10_000, () -> policy.waitAfter(1, Duration.ofSeconds(3), LEAST));
        assertThat(wave[30]).isEqualTo(10_000);
    }

    private static int[] returns(int members, Supplier<Duration> wait) {
        int[] tenths = new int[200];
        for (int i = 0; i < members; i++) {
            tenths[(int) (wait.get().toMillis() / 100)]++;
        }
        return tenths;
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    attempts, elapsed, wait , allowed
                       1    ,    0   ,   1  , true
                       5    ,    0   ,   1  , true
                       6    ,    0   ,   1  , false
                       1    ,   20   ,   9  , true
                       1    ,   20   ,  10  , false
                       1    ,    0   , 86400, false
                    """)
    void thereIsAnEndOfAttemptsAndOfTime(int attempts, long elapsed, long wait, boolean allowed) {
        assertThat(policy.allows(attempts, Duration.ofSeconds(elapsed), Duration.ofSeconds(wait)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    0  , -   , -   , -   , -
                    101, -   , -   , -   , -
                    -  , PT0S, -   , -   , -
                    -  , PT2H, -   , -   , -
                    -  , -   , PT0S, -   , -
                    -  , -   , PT2M, -   , -
                    -  , -   , -   , PT0S, -
                    -  , -   , -   , PT2S, PT1S
                    -  , -   , -   , -   , PT2M
                    """)
    void aPolicyWithoutBoundsIsNone(
            @Nullable Integer attempts,
            @Nullable Duration deadline,
            @Nullable Duration answerWithin,
            @Nullable Duration first,
            @Nullable Duration longest) {
        assertThatThrownBy(() ->
                        new RetryPolicy(
                                or(attempts, 6),
                                or(deadline, SECOND),
                                or(answerWithin, SECOND),
                                or(first, SECOND),
                                or(longest, SECOND)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static <T> T or(@Nullable T value, T usual) {
        return value == null ? usual : value;
    }
}
