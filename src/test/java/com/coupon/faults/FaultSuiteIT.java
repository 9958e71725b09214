package com.coupon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A few runs of the suite of faults, for every build; {@code FaultRun} makes as many as wanted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultSuiteIT {

    private Stage stage;

    @BeforeAll
    void setTheStage() {
        stage = new Stage(Topology.SENTINEL, Settings.PLAIN);
    }

    @AfterAll
    void close() {
        if (stage != null) {
            stage.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CUT_OFF_AND_KILL_PRIMARY, 11",
        "FLUSH_EVERYTHING, 12",
        "KILL_NODE_AFTER_THE_SCRIPT, 13"
    })
    void nobodyIsToldAFalseYes(Fault fault, long seed) throws Exception {
        stage.warmUp();
        var trial = new Trial(stage, fault, seed, null, Duration.ofSeconds(30));

        Result result = trial.run();

        assertThat(result.violations()).as(result::toString).isEmpty();
        assertThat(result.acknowledged()).isPositive();
    }
}
