package com.coupon.benchmark;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What came of requests: by status and, of a problem, its code. Used by one thread until all is
 * over.
 */
final class Outcomes {

    static final String TIMEOUT = "timeout";
    static final String CONNECTION_FAILURE = "connection-failure";
    static final String UNINTELLIGIBLE = "unintelligible";

    static final long INTERVAL_NANOS = 100_000_000;

    private static final byte[] CODE = "\"code\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final long LONGEST_MICROS = 120_000_000;

    private final long start;
    private final long end;
    private final List<Outcome> all = new ArrayList<>();

    /**
     * @param start when counting starts, in nanoseconds
     * @param end when it ends
     */
    Outcomes(long start, long end) {
        this.start = start;
        this.end = end;
    }

    List<Outcome> all() {
        return all;
    }

    /** What answers with this status, and this code in their body, come to. */
    Outcome of(int status, byte[] bytes, int bodyFrom, int bodyTo) {
        int at = -1;
        int length = 0;
        if (status >= 400) {
            for (Outcome known : all) {
                if (known.status == status && known.isAt(bytes, bodyFrom, bodyTo)) {
                    return known;
                }
            }
            at = codeAt(bytes, bodyFrom, bodyTo);
            while (at >= 0 && at + length < bodyTo && bytes[at + length] != '"') {
                length++;
            }
        }
        byte[] code = new byte[length];
        if (length > 0) {
            System.arraycopy(bytes, at, code, 0, length);
        }
        for (Outcome known : all) {
            if (known.status == status && Arrays.equals(known.code, code)) {
                known.codeAt = at - bodyFrom;
                return known;
            }
        }
        String name =
                length == 0
                        ? Integer.toString(status)
                        : status + " " + new String(code, StandardCharsets.US_ASCII);
        return add(new Outcome(name, status, code, at - bodyFrom));
    }

    /** What is no answer. */
    Outcome of(String name) {
        for (Outcome known : all) {
            if (known.name.equals(name)) {
                return known;
            }
        }
        return add(new Outcome(name, 0, new byte[0], 0));
    }

    private Outcome add(Outcome outcome) {
        all.add(outcome);
        return outcome;
    }

    private static int codeAt(byte[] bytes, int from, int to) {
        for (int i = from; i <= to - CODE.length; i++) {
            if (matches(CODE, bytes, i)) {
                return i + CODE.length;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] wanted, byte[] bytes, int at) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** One thing that may come of a request. */
    final class Outcome {

        private final String name;
        private final int status;
        private final byte[] code;
        private final long[] series;
        private final Histogram micros = new Histogram(3);
        private int codeAt;
        private long total;

        private Outcome(String name, int status, byte[] code, int codeAt) {
            this.name = name;
            this.status = status;
            this.code = code;
            this.codeAt = codeAt;
            this.series = new long[(int) Math.ceilDiv(end - start, INTERVAL_NANOS)];
        }

        /** Most bodies of a kind are alike, so the code is looked for where it was. */
        private boolean isAt(byte[] bytes, int bodyFrom, int bodyTo) {
            int at = bodyFrom + codeAt;
            return code.length > 0
                    && at - CODE.length >= bodyFrom
                    && at + code.length < bodyTo
                    && matches(CODE, bytes, at - CODE.length)
                    && matches(code, bytes, at)
                    && bytes[at + code.length] == '"';
        }

        /**
         * @param began when the request was due
         * @param ended when it was over
         */
        void record(long began, long ended) {
            total++;
            if (ended >= start && began < end) {
                micros.recordValue(Math.clamp((ended - began) / 1_000, 0, LONGEST_MICROS));
            }
            if (ended >= start && ended < end) {
                series[(int) ((ended - start) / INTERVAL_NANOS)]++;
            }
        }

        String name() {
            return name;
        }

        /** How many since ever. */
        long total() {
            return total;
        }

        /** How many were over in each interval. */
        long[] series() {
            return series;
        }

        /**
         * Of those that were over after counting started and due before it ended. Where everybody
         * waits for longer than it is counted, nobody who came in the meantime is heard of.
         */
        Histogram micros() {
            return micros;
        }
    }
}
