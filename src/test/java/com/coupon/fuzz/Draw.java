package com.coupon.fuzz;

import java.util.List;
import org.quicktheories.core.RandomnessSource;
import org.quicktheories.generators.SourceDSL;

/** Chance, as QuickTheories hands it out: what is drawn can be replayed and made smaller. */
record Draw(RandomnessSource source) {

    /** A number from {@code from} to {@code to}, both included. */
    int between(int from, int to) {
        return SourceDSL.integers().between(from, to).generate(source);
    }

    boolean in100(int percent) {
        return between(1, 100) > 100 - percent;
    }

    <T> T of(List<T> values) {
        return values.get(between(0, values.size() - 1));
    }
}
