package com.coupon.history;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One campaign from its opening to the moment its ledger was read. Moments are numbers that grow:
 * of two, the smaller one was certainly earlier.
 *
 * @param quantity coupons at the start, 1 or more
 * @param rows the ledger
 * @param voids serials that nobody gets any more
 * @param deadLetters events that the ledger refused
 * @param events all that were ever on the topic, those included that were published twice
 * @param settled whether nothing was under way any more when the ledger was read: every outage was
 *     over, and what had been decided had had the time to arrive
 */
public record History(
        long quantity,
        List<Ask> asks,
        List<Act> acts,
        List<Row> rows,
        Set<Long> voids,
        List<Event> deadLetters,
        List<Event> events,
        boolean settled) {

    /** A moment after all others. */
    public static final long NEVER = Long.MAX_VALUE;

    /** A row of the ledger. */
    public record Row(String member, long serial, String code, long epoch, Status status) {}

    /** What the ledger says of a coupon. */
    public enum Status {
        ISSUED,
        REVOKED
    }

    /** A coupon on its way to the ledger. */
    public record Event(long epoch, long serial, String member, String code) {}

    public History {
        if (quantity < 1) {
            throw new IllegalArgumentException("quantity is 1 or more");
        }
        asks = List.copyOf(asks);
        acts = List.copyOf(acts);
        rows = List.copyOf(rows);
        voids = Set.copyOf(voids);
        deadLetters = List.copyOf(deadLetters);
        events = List.copyOf(events);
    }

    /** Everything that is known, a line each, for whoever looks into a violation. */
    public Stream<String> lines() {
        return Stream.of(
                        Stream.of("quantity " + quantity + ", settled " + settled),
                        asks.stream(),
                        acts.stream(),
                        rows.stream(),
                        voids.stream().sorted().map(serial -> "Void[serial=" + serial + "]"),
                        deadLetters.stream().map(event -> "Dead" + event),
                        events.stream())
                .flatMap(part -> part)
                .map(line -> line.toString().replace("9223372036854775807", "never"));
    }
}
