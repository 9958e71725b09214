package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import com.coupon.shared.Fingerprint;
import com.coupon.shared.MemberId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * How many requests this node lets in. No claim of a member who is known is refused for what others
 * do from the same address. Thread-safe.
 */
@EveryRole
final class RateLimits {

    private final @Nullable TokenBuckets members;
    private final @Nullable TokenBuckets addresses;
    private final @Nullable TokenRate node;
    private final AtomicLong nodeFullAt = new AtomicLong();
    private final LongSupplier nanoTime;
    private final long origin;
    private final ClientAddress clients;

    /** So that nobody can find out who shares a bucket with whom. */
    private final long salt = new SecureRandom().nextLong();

    @Autowired
    RateLimits(WebProperties properties) {
        this(properties, System::nanoTime);
    }

    RateLimits(WebProperties properties, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
        var member = properties.rateLimits().member();
        this.members =
                member.enabled()
                        ? new TokenBuckets(
                                "member",
                                TokenRate.of(member.capacity(), member.refill(), member.period()),
                                member.maxMembers(),
                                nanoTime)
                        : null;
        var address = properties.rateLimits().address();
        this.addresses =
                address.enabled()
                        ? new TokenBuckets(
                                "address",
                                TokenRate.of(
                                        address.capacity(), address.refill(), address.period()),
                                address.maxAddresses(),
                                nanoTime)
                        : null;
        var all = properties.rateLimits().node();
        this.node = all.enabled() ? TokenRate.of(all.capacity(), all.refill(), all.period()) : null;
        this.clients = new ClientAddress(properties.trustedProxies());
    }

    /**
     * Counts a request of anybody.
     *
     * @throws ProblemException if the node has enough of them
     */
    void admit() {
        if (node == null) {
            return;
        }
        long now = nanoTime.getAsLong() - origin;
        while (true) {
            long fullAt = nodeFullAt.get();
            long later = node.take(fullAt, now);
            if (later == TokenRate.NONE) {
                throw new ProblemException(ProblemCode.OVERLOADED);
            }
            if (nodeFullAt.compareAndSet(fullAt, later)) {
                return;
            }
        }
    }

    /** Counts a request no longer, so that whoever sends too many takes nothing from the others. */
    void release() {
        if (node != null) {
            nodeFullAt.addAndGet(-node.interval());
        }
    }

    /**
     * Counts a request of a member.
     *
     * @throws ProblemException if the member has sent too many
     */
    void admit(MemberId member, HttpServletResponse response) {
        if (members != null) {
            members.take(Fingerprint.of(member.value(), salt), response);
        }
    }

    /**
     * Counts a request of somebody who is not known.
     *
     * @throws ProblemException if too many came from the address
     */
    void admitStranger(HttpServletRequest request, HttpServletResponse response) {
        if (addresses != null) {
            addresses.take(Fingerprint.mix(clients.of(request) ^ salt), response);
        }
    }
}
