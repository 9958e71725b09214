package com.coupon.issuance.domain;

import com.coupon.shared.Bounds;
import com.coupon.shared.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a campaign takes claims: from {@code opensAt} on, up to but not including {@code closesAt}.
 *
 * @param closesAt null where it closes only by hand
 */
public record ClaimWindow(Instant opensAt, @Nullable Instant closesAt) {

    /**
     * @throws InvalidValueException if it would close before it opens, or an instant is out of
     *     bounds
     */
    public ClaimWindow {
        Bounds.requireInstant("opensAt", opensAt);
        Bounds.requireInstant("closesAt", closesAt);
        if (closesAt != null && !closesAt.isAfter(opensAt)) {
            throw new InvalidValueException("window");
        }
    }

    /** What the public is told of a published campaign at this instant. */
    public Phase phaseAt(Instant now) {
        if (now.isBefore(opensAt)) {
            return Phase.SCHEDULED;
        }
        return closesAt == null || now.isBefore(closesAt) ? Phase.OPEN : Phase.CLOSED;
    }

    /** Where an instant lies in relation to a window. */
    public enum Phase {
        SCHEDULED,
        OPEN,
        CLOSED
    }
}
