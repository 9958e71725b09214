package com.coupon.issuance.domain;

import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;
import com.coupon.shared.Sentence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A campaign as the catalogue has it: the plan, not the count of what has been issued.
 *
 * <p>Each step of its life gives the next version of it; a step it has taken already gives the same
 * version again, so that steps may be repeated.
 *
 * @param returned coupons that came back by revocation and may be issued once more under a new
 *     serial
 * @param allowList the one in force
 * @param retainedUntil when an archived campaign forgets its winners where claims are answered;
 *     null before it is archived
 * @param version rises with every change, from 1
 * @param epoch rises by one with every rebuild of the campaign in Redis, from 1
 * @param armed whether its keys were created in Redis; after that only a rebuild may create them
 */
public record Campaign(
        CampaignId id,
        CampaignPlan plan,
        long returned,
        CampaignState state,
        AllowList allowList,
        @Nullable Instant retainedUntil,
        long version,
        long epoch,
        boolean armed) {

    /**
     * @throws IllegalArgumentException if values contradict each other
     */
    public Campaign {
        if (returned < 0 || version < 1 || epoch < 1) {
            throw new IllegalArgumentException("returned counts from 0, version and epoch from 1.");
        }
        if ((state == CampaignState.ARCHIVED) != (retainedUntil != null)) {
            throw new IllegalArgumentException(
                    "An archived campaign has an end of its retention, and no other has.");
        }
    }

    /** A campaign that has just been thought of. */
    public static Campaign draft(CampaignId id, CampaignPlan plan) {
        return new Campaign(id, plan, 0, CampaignState.DRAFT, AllowList.NONE, null, 1, 1, false);
    }

    private Campaign next(CampaignPlan newPlan, CampaignState newState) {
        return new Campaign(
                id,
                newPlan,
                returned,
                newState,
                allowList,
                retainedUntil,
                version + 1,
                epoch,
                armed || newState != CampaignState.DRAFT);
    }

    /** One step of its life, from one of the states given. */
    private Campaign step(CampaignState to, CampaignState... from) {
        if (state == to) {
            return this;
        }
        for (CampaignState allowed : from) {
            if (state == allowed) {
                return next(plan, to);
            }
        }
        throw new IllegalTransitionException(state, to);
    }

    /**
     * The draft, armed and made public.
     *
     * @throws IllegalTransitionException if it is neither a draft nor published, or a draft whose
     *     allow-list is still to come
     */
    public Campaign published() {
        if (state == CampaignState.DRAFT
                && plan.eligibility() == Eligibility.ALLOW_LIST
                && allowList.equals(AllowList.NONE)) {
            throw new IllegalTransitionException(new Sentence("allow-list-missing"));
        }
        return step(CampaignState.PUBLISHED, CampaignState.DRAFT);
    }

    /**
     * Stopped for a while.
     *
     * @throws IllegalTransitionException if it is neither published nor paused
     */
    public Campaign paused() {
        return step(CampaignState.PAUSED, CampaignState.PUBLISHED);
    }

    /**
     * Going on after a pause.
     *
     * @throws IllegalTransitionException if it is neither paused nor published
     */
    public Campaign resumed() {
        return step(CampaignState.PUBLISHED, CampaignState.PAUSED);
    }

    /**
     * Stopped for good.
     *
     * @throws IllegalTransitionException if it is a draft or archived
     */
    public Campaign closed() {
        return step(CampaignState.CLOSED, CampaignState.PUBLISHED, CampaignState.PAUSED);
    }

    /**
     * Over: where claims are answered only its winners are kept, until the retention ends.
     *
     * @param end of the retention
     * @throws IllegalTransitionException if it is neither closed nor archived
     */
    public Campaign archived(Instant end) {
        if (state == CampaignState.CLOSED) {
            return new Campaign(
                    id,
                    plan,
                    returned,
                    CampaignState.ARCHIVED,
                    allowList,
                    end,
                    version + 1,
                    epoch,
                    armed);
        }
        return step(CampaignState.ARCHIVED);
    }

    /**
     * With another plan. A draft may change in every respect, a campaign that is public in its
     * name, its benefit and its window, a closed one in name and benefit.
     *
     * @throws NotEditableException if the change is not allowed in this state
     */
    public Campaign replanned(CampaignPlan other) {
        if (other.equals(plan)) {
            return this;
        }
        boolean fixedStock =
                other.quantity() == plan.quantity() && other.eligibility() == plan.eligibility();
        boolean allowed =
                switch (state) {
                    case DRAFT -> true;
                    case PUBLISHED, PAUSED -> fixedStock;
                    case CLOSED -> fixedStock && other.window().equals(plan.window());
                    case ARCHIVED -> false;
                };
        if (!allowed) {
            throw new NotEditableException(state);
        }
        return next(other, state);
    }

    /**
     * With more coupons, or with fewer.
     *
     * @throws NotEditableException if the campaign is closed or archived
     * @throws InvalidValueException if there would be none left, or too many
     */
    public Campaign adjusted(long delta) {
        if (state == CampaignState.CLOSED || state == CampaignState.ARCHIVED) {
            throw new NotEditableException(state);
        }
        return next(plan.withQuantity(Math.addExact(plan.quantity(), delta)), state);
    }

    /**
     * With one coupon given back, to be issued once more.
     *
     * @throws NotEditableException if the campaign is archived, which has no stock any more
     */
    public Campaign withOneReturned() {
        if (state == CampaignState.ARCHIVED) {
            throw new NotEditableException(state);
        }
        return new Campaign(
                id, plan, returned + 1, state, allowList, retainedUntil, version + 1, epoch, armed);
    }

    /**
     * With another allow-list, which must have been begun later than the one in force.
     *
     * @throws NotEditableException if the campaign is closed or archived
     * @throws IllegalTransitionException if the list in force is newer
     */
    public Campaign withAllowList(AllowList list) {
        if (state == CampaignState.CLOSED || state == CampaignState.ARCHIVED) {
            throw new NotEditableException(state);
        }
        if (list.number() < allowList.number()) {
            throw new IllegalTransitionException(new Sentence("allow-list-outdated"));
        }
        if (list.equals(allowList)) {
            return this;
        }
        return new Campaign(
                id, plan, returned, state, list, retainedUntil, version + 1, epoch, armed);
    }

    /** The same, made anew in Redis once more. */
    public Campaign rebuilt() {
        return new Campaign(
                id, plan, returned, state, allowList, retainedUntil, version, epoch + 1, armed);
    }

    /** Whether it answers winners with their coupons, or may yet have some. */
    public boolean hasWinnersAt(Instant now) {
        return state != CampaignState.DRAFT
                && (retainedUntil == null || now.isBefore(retainedUntil));
    }

    /** The same, with a version above this one and its own. */
    public Campaign withVersionAbove(long other) {
        return new Campaign(
                id,
                plan,
                returned,
                state,
                allowList,
                retainedUntil,
                Math.max(version, other) + 1,
                epoch,
                armed);
    }
}
