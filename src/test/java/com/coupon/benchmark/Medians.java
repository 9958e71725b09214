package com.coupon.benchmark;

import java.util.ArrayList;
import java.util.List;

/** Of figures that came out of rounds. */
final class Medians {

    private Medians() {}

    /** Of two in the middle their mean; of none, 0. */
    static double median(List<Double> figures) {
        if (figures.isEmpty()) {
            return 0;
        }
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * The median of the ratios of each round, whose two figures are neighbours in time: what a
     * machine does beside slows both.
     */
    static double ratio(List<Double> figures, List<Double> others) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(figures.size(), others.size()); i++) {
            ratios.add(figures.get(i) / others.get(i));
        }
        return median(ratios);
    }
}
