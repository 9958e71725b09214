package com.coupon.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a page.
 *
 * @param text or empty
 * @param failures why nothing here counts; usually empty
 */
public record Section(
        String title,
        String text,
        List<String> failures,
        @Nullable Table table,
        List<Chart> charts) {

    public Section(String title, String text, @Nullable Table table, Chart... charts) {
        this(title, text, List.of(), table, List.of(charts));
    }
}
