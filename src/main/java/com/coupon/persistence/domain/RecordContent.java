package com.coupon.persistence.domain;

import com.coupon.shared.Bounds;
import com.coupon.shared.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a record in Kafka carried, as far as there is room for it: a key that is too long and
 * headers that are too many are left out, since the ledger reads neither; of a value that is too
 * long the beginning is kept.
 *
 * @param key at most {@value #MAX_KEY_BYTES} bytes
 * @param value at most {@value #MAX_VALUE_BYTES} bytes
 * @param valueBytes how long the value was, or null where nobody knows
 * @param headers at most {@value #MAX_HEADERS} with at most {@value #MAX_HEADER_BYTES} bytes
 *     together
 */
public record RecordContent(
        @Nullable Bytes key,
        @Nullable Bytes value,
        @Nullable Integer valueBytes,
        List<Header> headers) {

    public static final int MAX_KEY_BYTES = 64 << 10;
    public static final int MAX_VALUE_BYTES = 10 << 20;
    public static final int MAX_HEADERS = 32;
    public static final int MAX_HEADER_BYTES = 16 << 10;

    /** A header of a record. */
    public record Header(String name, Bytes value) {

        public static final int MAX_NAME = 128;

        private boolean hasAUsualName() {
            try {
                Bounds.requireVisibleAscii("name", name, MAX_NAME);
                return true;
            } catch (InvalidValueException e) {
                return false;
            }
        }
    }

    /** Of a record of which there is nothing to be had. */
    public static final RecordContent LOST = new RecordContent(null, null, null, List.of());

    public RecordContent {
        if (key != null && key.length() > MAX_KEY_BYTES) {
            key = null;
        }
        if (value != null) {
            valueBytes = Math.max(valueBytes == null ? 0 : valueBytes, value.length());
            value = value.first(MAX_VALUE_BYTES);
        }
        headers = those(headers);
    }

    private static List<Header> those(List<Header> headers) {
        List<Header> kept = new ArrayList<>();
        int bytes = 0;
        for (Header header : headers) {
            int with = bytes + header.name().length() + header.value().length();
            if (kept.size() < MAX_HEADERS && with <= MAX_HEADER_BYTES && header.hasAUsualName()) {
                kept.add(header);
                bytes = with;
            }
        }
        return List.copyOf(kept);
    }
}
