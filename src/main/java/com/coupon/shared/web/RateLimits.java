package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import com.coupon.shared.MemberId;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * How many requests this node lets in. No claim of a member who is known is refused for what others
 * do from the same address. Thread-safe.
 */
@EveryRole
final class RateLimits {

    private final @Nullable TokenBuckets<MemberId> members;
    private final @Nullable TokenBuckets<Long> addresses;
    private final @Nullable Bucket node;
    private final ClientAddress clients;

    @Autowired
    RateLimits(WebProperties properties) {
        this(properties, TimeMeter.SYSTEM_NANOTIME);
    }

    RateLimits(WebProperties properties, TimeMeter time) {
        var member = properties.rateLimits().member();
        this.members =
                member.enabled()
                        ? new TokenBuckets<>(
                                "member",
                                member.capacity(),
                                member.refill(),
                                member.period(),
                                member.maxMembers(),
                                time)
                        : null;
        var address = properties.rateLimits().address();
        this.addresses =
                address.enabled()
                        ? new TokenBuckets<>(
                                "address",
                                address.capacity(),
                                address.refill(),
                                address.period(),
                                address.maxAddresses(),
                                time)
                        : null;
        var all = properties.rateLimits().node();
        this.node =
                all.enabled()
                        ? Bucket.builder()
                                .addLimit(
                                        Bandwidth.builder()
                                                .capacity(all.capacity())
                                                .refillGreedy(all.refill(), all.period())
                                                .build())
                                .withCustomTimePrecision(time)
                                .build()
                        : null;
        this.clients = new ClientAddress(properties.trustedProxies());
    }

    /**
     * Counts a request of anybody.
     *
     * @throws ProblemException if the node has enough of them
     */
    void admit() {
        if (node != null && !node.tryConsume(1)) {
            throw new ProblemException(ProblemCode.OVERLOADED);
        }
    }

    /** Counts a request no longer, so that whoever sends too many takes nothing from the others. */
    void release() {
        if (node != null) {
            node.addTokens(1); // never above its capacity
        }
    }

    /**
     * Counts a request of a member.
     *
     * @throws ProblemException if the member has sent too many
     */
    void admit(MemberId member, HttpServletResponse response) {
        if (members != null) {
            members.take(member, response);
        }
    }

    /**
     * Counts a request of somebody who is not known.
     *
     * @throws ProblemException if too many came from the address
     */
    void admitStranger(HttpServletRequest request, HttpServletResponse response) {
        if (addresses != null) {
            addresses.take(clients.of(request), response);
        }
    }
}
