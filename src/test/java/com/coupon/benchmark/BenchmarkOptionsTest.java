package com.coupon.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkOptionsTest {

    private static final List<String> ALL = List.of("sold-out", "live");

    private static BenchmarkOptions parse(String... args) {
        return BenchmarkOptions.parse(ALL, args);
    }

    @Test
    void everythingIsMeasuredUnlessSomethingIsNamed() {
        assertThat(parse().only()).isEqualTo(ALL);
        assertThat(parse("--only=live").only()).containsExactly("live");
    }

    @Test
    void whatIsSaidCountsForMoreThanThatItIsQuick() {
        BenchmarkOptions options = parse("--rounds=5", "--quick");
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.seconds()).isEqualTo(2);
        assertThat(options.quick()).isTrue();
    }

    @Test
    void theCollectorIsNamedToTheService() {
        assertThat(parse("--gc=Parallel").jvmFlags()).contains("-XX:+UseParallelGC");
        assertThat(parse().jvmFlags()).contains("-XX:+UseG1GC", "-Xmx512m");
    }

    @Test
    void whatIsMistypedIsSaid() {
        assertThatThrownBy(() -> parse("--only=sold-out,alive"))
                .hasMessage("--only knows sold-out, live, not 'alive'.");
        assertThatThrownBy(() -> parse("--gc=Shenandoah")).hasMessageContaining("Parallel");
        assertThatThrownBy(() -> parse("--rounds=0")).hasMessageContaining("--rounds");
        assertThatThrownBy(() -> parse("rounds")).hasMessageContaining("not an option");
        assertThatThrownBy(() -> parse("--round=1")).hasMessageContaining("no option --round");
    }

    @Test
    void aRatioIsThatOfNeighbours() {
        assertThat(Medians.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Medians.median(List.of(4.0, 1.0))).isEqualTo(2.5);
        assertThat(Medians.median(List.of())).isZero();
        assertThat(Medians.ratio(List.of(10.0, 20.0, 90.0), List.of(10.0, 10.0, 30.0)))
                .isEqualTo(2);
    }

    @Test
    void aGoalThatWasNotMeasuredIsNotReached() {
        assertThat(Goal.atLeast(1, "a", 1).isReached()).isTrue();
        assertThat(Goal.atLeast(1, "a", 0.99).isReached()).isFalse();
        assertThat(Goal.atMost(2, "a", 2.01).isReached()).isFalse();
        assertThat(Goal.skipped(1, "a", "why").isReached()).isFalse();
    }
}
