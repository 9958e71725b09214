package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies that are too large: at once where the length is announced, else when the limit is
 * read past. CSV has a limit of its own, because it is read as a stream and never held.
 */
@EveryRole
@Order(ProblemFilter.ORDER + 1) // before anything that reads
final class BodyLimit extends OncePerRequestFilter {

    private final long maxBody;
    private final long maxCsv;

    BodyLimit(WebProperties properties) {
        this.maxBody = properties.maxBody().toBytes();
        this.maxCsv = properties.maxCsv().toBytes();
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType();
        long maxBytes = type != null && type.startsWith("text/csv") ? maxCsv : maxBody;
        if (request.getContentLengthLong() > maxBytes) {
            throw new ProblemException(ProblemCode.BODY_TOO_LARGE);
        } else if (request.getContentLengthLong() < 0 && mayHaveBody(request)) {
            chain.doFilter(new Bounded(request, maxBytes), response);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** HTTP/1.1 announces each body; later versions need not. */
    private static boolean mayHaveBody(HttpServletRequest request) {
        return request.getHeader("Transfer-Encoding") != null
                || !request.getProtocol().startsWith("HTTP/1");
    }

    private static final class Bounded extends HttpServletRequestWrapper {

        private final long maxBytes;

        Bounded(HttpServletRequest request, long maxBytes) {
            super(request);
            this.maxBytes = maxBytes;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new BoundedStream(super.getInputStream(), maxBytes);
        }
    }

    private static final class BoundedStream extends ServletInputStream {

        private final ServletInputStream in;
        private final long maxBytes;
        private long read;

        BoundedStream(ServletInputStream in, long maxBytes) {
            this.in = in;
            this.maxBytes = maxBytes;
        }

        private int count(int bytes) {
            read += Math.max(0, bytes);
            if (read > maxBytes) {
                throw new ProblemException(ProblemCode.BODY_TOO_LARGE);
            }
            return bytes;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return count(in.read(buffer, offset, length));
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
