package com.coupon.shared.web;

/**
 * Cells of CSV files that a spreadsheet takes for text and for nothing else.
 *
 * <p>Members choose their ids, at least in part, and a spreadsheet would run one that begins like a
 * formula (OWASP, CSV injection). Such a cell gets an apostrophe in front, and so does one that
 * begins with an apostrophe: whoever takes one leading apostrophe away has the id again. Every
 * field should be quoted besides, so that no sign within an id, such as another country's
 * separator, begins a new cell.
 */
public final class CsvCells {

    private static final String FORMULA_STARTS = "=+-@\t\r\n";
    private static final char GUARD = '\'';

    private CsvCells() {}

    /**
     * @param text not empty
     */
    public static String guarded(String text) {
        char first = text.charAt(0);
        return first == GUARD || FORMULA_STARTS.indexOf(first) >= 0 ? GUARD + text : text;
    }
}
