package com.coupon.benchmark;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/**
 * Reads responses of HTTP/1.1 (RFC 9112) where they lie, and makes nothing of them that would have
 * to be cleared away. It is strict, because a response that is read wrongly makes a rate that is
 * wrong. Used by one thread.
 */
final class HttpWire {

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH = "content-length".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CODING = "transfer-encoding".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONNECTION = "connection".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "close".getBytes(StandardCharsets.US_ASCII);

    /** Larger bodies are not meant for this. */
    private static final int MOST_BODY = 1 << 20;

    private int status;
    private int bodyFrom;
    private int bodyTo;
    private boolean closes;

    int status() {
        return status;
    }

    /** Where the body begins; of a chunked one, its first chunk. */
    int bodyFrom() {
        return bodyFrom;
    }

    int bodyTo() {
        return bodyTo;
    }

    /** Whether the server ends the connection after this response. */
    boolean closes() {
        return closes;
    }

    /**
     * Reads one response.
     *
     * @return where it ends, or -1 if there is more to come
     * @throws ProtocolException if it is none that a client should go on after
     */
    int read(byte[] bytes, int from, int to) throws ProtocolException {
        int line = endOfLine(bytes, from, to);
        if (line < 0) {
            return -1;
        }
        readStatus(bytes, from, line);
        int length = -1;
        boolean chunked = false;
        closes = false;
        int start = line + 2;
        while (true) {
            int end = endOfLine(bytes, start, to);
            if (end < 0) {
                return -1;
            }
            if (end == start) {
                break;
            }
            int colon = indexOf(bytes, ':', start, end);
            if (colon <= start) {
                throw new ProtocolException("A header has no name.");
            }
            if (is(LENGTH, bytes, start, colon)) {
                int told = number(bytes, skipSpaces(bytes, colon + 1, end), end, 10);
                if (length >= 0 && length != told) {
                    throw new ProtocolException("A response has two lengths.");
                }
                length = told;
            } else if (is(CODING, bytes, start, colon)) {
                if (!is(CHUNKED, bytes, skipSpaces(bytes, colon + 1, end), end)) {
                    throw new ProtocolException("A response is coded in an unknown way.");
                }
                chunked = true;
            } else if (is(CONNECTION, bytes, start, colon)) {
                closes = is(CLOSE, bytes, skipSpaces(bytes, colon + 1, end), end);
            }
            start = end + 2;
        }
        int body = start + 2;
        if (chunked && length >= 0) {
            throw new ProtocolException("A response has both a length and chunks.");
        }
        if (chunked) {
            return readChunks(bytes, body, to);
        }
        if (length < 0) {
            if (status != 204 && status != 304) {
                throw new ProtocolException("A response does not say where it ends.");
            }
            length = 0;
        }
        bodyFrom = body;
        bodyTo = body + length;
        return bodyTo <= to ? bodyTo : -1;
    }

    private void readStatus(byte[] bytes, int from, int end) throws ProtocolException {
        int digits = from + VERSION.length;
        if (end < digits + 3) {
            throw new ProtocolException("A response begins with no status.");
        }
        for (int i = 0; i < VERSION.length; i++) {
            if (bytes[from + i] != VERSION[i]) {
                throw new ProtocolException("A response is not of HTTP/1.1.");
            }
        }
        if (end > digits + 3 && bytes[digits + 3] != ' ') {
            throw new ProtocolException("A status is of three digits.");
        }
        status = number(bytes, digits, digits + 3, 10);
        if (status < 200) {
            throw new ProtocolException("Nobody asked for an interim response.");
        }
    }

    private int readChunks(byte[] bytes, int from, int to) throws ProtocolException {
        int start = from;
        boolean first = true;
        while (true) {
            int end = endOfLine(bytes, start, to);
            if (end < 0) {
                return -1;
            }
            int extension = indexOf(bytes, ';', start, end);
            int size = number(bytes, start, extension < 0 ? end : extension, 16);
            int chunk = end + 2;
            if (first) {
                bodyFrom = chunk;
                bodyTo = chunk + size;
                first = false;
            }
            if (size == 0) {
                return endOfTrailers(bytes, chunk, to);
            }
            if (chunk + size + 2 > to) {
                return -1;
            }
            if (bytes[chunk + size] != '\r' || bytes[chunk + size + 1] != '\n') {
                throw new ProtocolException("A chunk is longer than it says.");
            }
            start = chunk + size + 2;
        }
    }

    private static int endOfTrailers(byte[] bytes, int from, int to) throws ProtocolException {
        int start = from;
        while (true) {
            int end = endOfLine(bytes, start, to);
            if (end < 0) {
                return -1;
            }
            if (end == start) {
                return end + 2;
            }
            start = end + 2;
        }
    }

    /** Where the line ends, before CR LF, or -1. */
    private static int endOfLine(byte[] bytes, int from, int to) throws ProtocolException {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                if (i == from || bytes[i - 1] != '\r') {
                    throw new ProtocolException("A line does not end with CR LF.");
                }
                return i - 1;
            }
        }
        return -1;
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int skipSpaces(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to && (bytes[start] == ' ' || bytes[start] == '\t')) {
            start++;
        }
        return start;
    }

    /** Whether these bytes are a word, in whatever case. */
    private static boolean is(byte[] lowerCase, byte[] bytes, int from, int to) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            byte letter = bytes[from + i];
            int lower = letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
            if (lower != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] bytes, int from, int to, int radix) throws ProtocolException {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(bytes[i], radix);
            if (digit < 0 || number > MOST_BODY) {
                throw new ProtocolException("A number is none, or too large.");
            }
            number = number * radix + digit;
        }
        if (from >= to || number > MOST_BODY) {
            throw new ProtocolException("A number is none, or too large.");
        }
        return number;
    }
}
