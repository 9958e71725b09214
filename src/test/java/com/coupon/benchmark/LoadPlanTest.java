package com.coupon.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadPlanTest {

    @Test
    void aPlanSurvivesTheCommandLine() {
        LoadPlan plan =
                LoadPlan.closed(8080, "/a", 64, 2, 5)
                        .at(List.of(1, 2))
                        .to(List.of("/a", "/b"))
                        .with(Path.of("tokens"))
                        .from(7_000_000_000L)
                        .open(1_500)
                        .givingUpAfter(2_000)
                        .watching(List.of(12L, 13L))
                        .after(3, "/servlet", 4, "http://127.0.0.1:5/ready");
        assertThat(LoadPlan.parse(plan.arguments().toArray(String[]::new))).isEqualTo(plan);
    }

    @Test
    void anOptionThatIsMistypedIsSaid() {
        assertThatThrownBy(() -> LoadPlan.parse("--connection=1"))
                .hasMessage("There is no option --connection.");
        assertThatThrownBy(() -> LoadPlan.parse("--seconds=0")).hasMessageContaining("--seconds");
    }
}
