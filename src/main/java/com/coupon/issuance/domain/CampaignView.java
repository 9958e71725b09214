package com.coupon.issuance.domain;

import com.coupon.shared.CampaignId;
import java.time.Instant;

/**
 * A campaign as the public sees it at one instant.
 *
 * @param state never {@link CampaignState#DRAFT}
 * @param issued the highest serial so far; together with epoch and generation it names this state
 *     of the campaign
 * @param generation rises with every change of stock or state
 * @param now the clock of Redis when it was looked at
 */
public record CampaignView(
        CampaignId id,
        String name,
        CampaignState state,
        long quantity,
        long remaining,
        ClaimWindow window,
        long issued,
        long generation,
        long epoch,
        Instant now) {

    /**
     * The state as the public knows it: a published campaign is where its window says.
     *
     * @throws IllegalStateException of a draft, which the public does not know
     */
    public PublicState shownState() {
        return switch (state) {
            case DRAFT -> throw new IllegalStateException("A draft is not public.");
            case PUBLISHED ->
                    switch (window.phaseAt(now)) {
                        case SCHEDULED -> PublicState.SCHEDULED;
                        case OPEN -> PublicState.OPEN;
                        case CLOSED -> PublicState.CLOSED;
                    };
            case PAUSED -> PublicState.PAUSED;
            case CLOSED -> PublicState.CLOSED;
            case ARCHIVED -> PublicState.ARCHIVED;
        };
    }

    /** Names what is shown: while it is the same, nothing has changed but the clock. */
    public String revision() {
        return "%d-%d-%d-%s".formatted(epoch, generation, issued, shownState());
    }

    /** Whether no more coupons will be issued, unless operators move the end of the window. */
    public boolean isOver() {
        return switch (shownState()) {
            case CLOSED, ARCHIVED -> true;
            case SCHEDULED, OPEN, PAUSED -> false;
        };
    }
}
