package com.coupon.benchmark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests that are made beforehand, but for who sends them. Thread-safe. */
sealed interface Requests {

    /** Digits of the number in a member's name. */
    int DIGITS = 10;

    /** What the name begins with. */
    String PREFIX = "m";

    /**
     * Puts a request into a buffer.
     *
     * @param number of the request, at most ten digits
     */
    void put(long number, ByteBuffer buffer);

    /** Each by a member of its own, who is named in a header; the paths take turns. */
    static Requests byMembers(List<String> paths) {
        return new ByMembers(
                paths.stream().map(path -> bytes(head(path) + "X-User-Id: " + PREFIX)).toList());
    }

    /** Each with the next token. */
    static Requests withTokens(String path, List<String> tokens) {
        return new WithTokens(
                tokens.stream()
                        .map(token ->
                                bytes(head(path) + "Authorization: Bearer " + token + "\r\n\r\n"))
                        .toList());
    }

    private static String head(String path) {
        return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n".formatted(path);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * @param heads up to the number
     */
    record ByMembers(List<byte[]> heads) implements Requests {

        private static final byte[] END = bytes("\r\n\r\n");

        @Override
        public void put(long number, ByteBuffer buffer) {
            buffer.put(heads.get((int) (number % heads.size())));
            int start = buffer.position();
            long rest = number;
            for (int digit = DIGITS - 1; digit >= 0; digit--) {
                buffer.put(start + digit, (byte) ('0' + rest % 10));
                rest /= 10;
            }
            buffer.position(start + DIGITS);
            buffer.put(END);
        }
    }

    /**
     * @param whole requests
     */
    record WithTokens(List<byte[]> whole) implements Requests {

        @Override
        public void put(long number, ByteBuffer buffer) {
            buffer.put(whole.get((int) (number % whole.size())));
        }
    }
}
