package com.coupon.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A request as no friend would send it.
 *
 * @param strict whether it is so far in order that the answer must be one that the document has for
 *     the operation
 * @param onTheWire whether it has to be written byte by byte, since no library would send it
 * @param target path and query, as they are written
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record HostileRequest(
        ApiOperation operation,
        boolean strict,
        boolean onTheWire,
        String method,
        String target,
        String version,
        List<Map.Entry<String, String>> headers,
        Framing framing,
        byte[] body) {

    /** How the end of the body is told. */
    enum Framing {
        LENGTH,
        CHUNKED,
        /** A length that is larger than the body. */
        TOO_LONG,
        /** A length that is smaller than the body. */
        TOO_SHORT,
        NO_NUMBER,
        TWO_LENGTHS,
        LENGTH_AND_CHUNKED,
        BAD_CHUNKS,
        UNENDED_CHUNKS,
        UNKNOWN_ENCODING
    }

    /** As much of it as is needed to understand what happened; the seed has the rest. */
    @Override
    public String toString() {
        return "%s %s\n%s\n%s, %d bytes: %s"
                .formatted(
                        method,
                        cut(target),
                        cut(headers.toString()),
                        framing,
                        body.length,
                        cut(new String(body, StandardCharsets.UTF_8)));
    }

    private static String cut(String text) {
        return text.length() > 600 ? text.substring(0, 600) + "…" : text;
    }
}
