package com.coupon.shared.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * The client a request comes from: the peer of the connection; or, where that is a trusted proxy,
 * the last in {@code X-Forwarded-For} that is none. What stands before that could be anybody's
 * invention. Thread-safe.
 */
final class ClientAddress {

    private static final Logger log = LoggerFactory.getLogger(ClientAddress.class);

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    /** Characters of the longest address, with brackets and a port. */
    private static final int MAX_LENGTH = 53;

    private final List<IpAddressMatcher> trustedProxies;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    ClientAddress(List<String> trustedProxies) {
        this.trustedProxies = trustedProxies.stream().map(IpAddressMatcher::new).toList();
    }

    /**
     * A number for the client: the IPv4 address, or the network (/64) of the IPv6 address, since
     * that is what one subscriber has.
     */
    long of(HttpServletRequest request) {
        InetAddress address = find(request);
        return address instanceof Inet4Address
                ? ByteBuffer.wrap(address.getAddress()).getInt() & 0xffff_ffffL
                : ByteBuffer.wrap(address.getAddress()).getLong();
    }

    private InetAddress find(HttpServletRequest request) {
        InetAddress peer = InetAddress.ofLiteral(request.getRemoteAddr());
        if (!isTrusted(peer)) {
            if (request.getHeader(FORWARDED_FOR) != null && !hasWarned.getAndSet(true)) {
                log.warn(
                        "A peer that is no trusted proxy sent X-Forwarded-For, which is ignored. If it is a proxy, name it in"
                                + " coupon.web.trusted-proxies: until then all its clients count as one.");
            }
            return peer;
        }
        InetAddress nearest = peer;
        for (String hop : hops(request).reversed()) {
            InetAddress address = parse(hop);
            if (address == null) {
                return nearest; // the proxy says nothing that can be believed
            }
            nearest = address;
            if (!isTrusted(address)) {
                return address;
            }
        }
        return nearest;
    }

    private boolean isTrusted(InetAddress address) {
        for (IpAddressMatcher proxy : trustedProxies) {
            if (proxy.matches(address.getHostAddress())) {
                return true;
            }
        }
        return false;
    }

    private static List<String> hops(HttpServletRequest request) {
        List<String> hops = new ArrayList<>();
        for (String header : Collections.list(request.getHeaders(FORWARDED_FOR))) {
            Collections.addAll(hops, header.split(",", -1));
        }
        return hops;
    }

    /** Literals only: a name would be looked up, by whoever sends it. */
    private static @Nullable InetAddress parse(String hop) {
        String literal = hop.strip();
        if (literal.length() > MAX_LENGTH || literal.indexOf('%') >= 0) {
            return null;
        }
        if (literal.startsWith("[")) {
            int end = literal.indexOf(']');
            literal = end < 0 ? "" : literal.substring(1, end);
        } else if (literal.indexOf(':') == literal.lastIndexOf(':') && literal.indexOf(':') > 0) {
            literal = literal.substring(0, literal.indexOf(':')); // IPv4 with a port
        }
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
