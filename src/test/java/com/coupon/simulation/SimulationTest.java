package com.coupon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.coupon.issuance.memory.Protection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Many runs of the whole path, each from a seed of its own. */
class SimulationTest {

    /** Enough for everything to happen that is counted. */
    private static final long FEW_SEEDS = 5_000;

    private static final long SEEDS = Long.getLong("coupon.test.seeds", FEW_SEEDS);

    /** Within so many seeds a protection that is missing has to be noticed. */
    private static final long SEEDS_OF_A_CONTROL = 30_000;

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("com.coupon");

    private static @Nullable Level level;

    /** What the application says of thousands of failures would hide what the test says. */
    @BeforeAll
    static void beQuiet() {
        level = LOG.getLevel();
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(level);
    }

    /**
     * The exact command that repeats a run and prints all that happened.
     *
     * @param without a protection that was missing, or null
     */
    private static String failure(
            long seed, @Nullable Protection without, List<String> violations) {
        return "mvn test -Dtest=SimulationTest#aSeedIsReplayed -Dcoupon.test.seed=%d%s%n  %s"
                .formatted(
                        seed,
                        without == null ? "" : " -Dcoupon.test.without=" + without,
                        String.join("%n  ".formatted(), violations));
    }

    @Test
    void noRunBreaksARuleAndEverythingHappensNowAndThen() {
        Tally tally = new Tally();
        List<String> failures =
                LongStream.range(0, SEEDS)
                        .parallel()
                        .mapToObj(seed -> run(seed, tally))
                        .flatMap(Optional::stream)
                        .limit(3)
                        .toList();
        System.out.println(tally.table());

        assertThat(failures).isEmpty();
        if (SEEDS >= FEW_SEEDS) {
            assertThat(tally.missing()).as("what has never happened").isEmpty();
        }
    }

    private static Optional<String> run(long seed, Tally tally) {
        Simulation.Outcome outcome = Simulation.run(seed, Set.of(), null);
        tally.add(outcome.tally());
        return outcome.violations().isEmpty()
                ? Optional.empty()
                : Optional.of(failure(seed, null, outcome.violations()));
    }

    @ParameterizedTest
    @EnumSource
    void aProtectionThatIsMissingIsNoticed(Protection protection) {
        Optional<String> noticed =
                LongStream.range(0, SEEDS_OF_A_CONTROL)
                        .parallel()
                        .mapToObj(seed -> broken(seed, protection))
                        .flatMap(Optional::stream)
                        .findAny();
        assertThat(noticed).isPresent();
        System.out.println(noticed.get());
    }

    private static Optional<String> broken(long seed, Protection without) {
        List<String> violations = Simulation.run(seed, EnumSet.of(without), null).violations();
        return violations.isEmpty()
                ? Optional.empty()
                : Optional.of(failure(seed, without, violations.subList(0, 1)));
    }

    @Test
    void aRunCanBeRepeatedExactly() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(trace(seed, Set.of())).isEqualTo(trace(seed, Set.of()));
        }
    }

    private static List<String> trace(long seed, Set<Protection> without) {
        List<String> trace = new ArrayList<>();
        Simulation.run(seed, without, trace);
        return trace;
    }

    @Test
    @EnabledIfSystemProperty(named = "coupon.test.seed", matches = "-?[0-9]+")
    void aSeedIsReplayed() {
        String without = System.getProperty("coupon.test.without", "");
        Set<Protection> missing =
                without.isEmpty() ? Set.of() : EnumSet.of(Protection.valueOf(without));
        List<String> trace = trace(Long.getLong("coupon.test.seed", 0), missing);
        trace.forEach(System.out::println);
        assertThat(trace).noneMatch(line -> line.contains(" VIOLATED "));
    }
}
