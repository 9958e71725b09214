package com.coupon.report;

import java.util.List;
import java.util.stream.Stream;

/**
 * Rows of text; what a row is about comes first.
 *
 * @param heads of the columns, as many as each row has cells
 */
public record Table(List<String> heads, List<List<Cell>> rows) {

    /** What somebody should think of a cell. */
    public enum Mood {
        PLAIN,
        GOOD,
        BAD,
        ASIDE
    }

    /** What is in it. */
    public record Cell(String text, Mood mood) {

        public static Cell plain(String text) {
            return new Cell(text, Mood.PLAIN);
        }
    }

    public static List<Cell> row(String... cells) {
        return Stream.of(cells).map(Cell::plain).toList();
    }
}
