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

    /** The state as the public knows it: a published campaign is where its window says. */
    public String shownState() {
        return switch (state) {
            case PUBLISHED -> window.phaseAt(now).name();
            case DRAFT, PAUSED, CLOSED, ARCHIVED -> state.name();
        };
    }

    /** Names what is shown: while it is the same, nothing has changed but the clock. */
    public String revision() {
        return "%d-%d-%d-%s".formatted(epoch, generation, issued, shownState());
    }

    /** Whether no more coupons will be issued, unless operators move the end of the window. */
    public boolean isOver() {
        return switch (shownState()) {
            case "CLOSED", "ARCHIVED" -> true;
            default -> false;
        };
    }
}
