package com.coupon.benchmark;

import com.coupon.report.Chart;
import java.util.List;

/**
 * What a measurement found.
 *
 * @param how it was measured, as far as the figures do not say it
 * @param failures of controls; where there are any, the figures are of no worth
 */
record Findings(
        String name,
        String title,
        String how,
        List<Row> rows,
        List<Goal> goals,
        List<Chart> charts,
        List<String> failures) {

    static Findings failed(String name, Exception failure) {
        return new Findings(
                name,
                name,
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of("It could not be measured: " + failure));
    }
}
