package com.coupon.issuance.port.out;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a rebuild does where claims are decided. Thread-safe; every method throws {@link
 * IssuanceUnavailableException} where Redis cannot be asked.
 */
public interface CampaignRecovery {

    /**
     * Looks whether claims of a campaign can be decided, and suspends it where they cannot.
     *
     * @param seen how far the caller has ever seen it
     * @return how far it is, or empty where it has to be rebuilt
     */
    Optional<Watermark> look(CampaignId campaign, Watermark seen);

    /**
     * Suspends a campaign.
     *
     * @return false where it is a draft
     */
    boolean suspend(CampaignId campaign);

    /**
     * Begins the rebuild of a suspended campaign.
     *
     * @param lease until then nobody else may begin, unless it is prolonged by what is written
     * @return empty where it is not suspended, or another has begun and goes on
     */
    Optional<Rebuild> begin(CampaignId campaign, Duration lease);

    /** A rebuild under way. Used by one thread; writes nothing once another has begun. */
    interface Rebuild {

        /** The highest serial that any node is known to have seen. */
        long fence();

        /**
         * Starts the lease anew and learns of the fence as it is now.
         *
         * @throws OutlivedException if another has begun, were it long done by now, or if the
         *     campaign has moved to another server
         */
        void prolong();

        /** Lets another begin at once. If that fails, another may when the lease has run out. */
        void abandon();

        /**
         * What is left of the winners, page by page.
         *
         * @param cursor of the page before, or an empty text
         * @param limit about how many
         */
        Page left(String cursor, int limit);

        /**
         * Takes coupons from winners who are not in the ledger with them: somebody else has won the
         * serial, or will.
         *
         * @throws OutlivedException if another has begun
         */
        void drop(List<IssuedCoupon> coupons);

        /**
         * Gives winners back, unless they are there; a coupon that was revoked is revoked there.
         *
         * @throws OutlivedException if another has begun
         */
        void restore(List<Winner> winners);

        /**
         * Ends the suspension.
         *
         * @param issued the highest serial that is accounted for
         * @return false where a higher one was seen meanwhile, so that it has to be accounted for
         * @throws OutlivedException if another has begun
         */
        boolean resume(Campaign campaign, long issued);
    }

    /**
     * @param cursor of the next page; empty after the last
     */
    record Page(List<IssuedCoupon> coupons, String cursor) {}

    /** The rebuild is not its caller's any more, and what it has read may not be all. */
    final class OutlivedException extends RuntimeException {

        public OutlivedException(CampaignId campaign) {
            super("The rebuild of " + campaign + " was outlived by another one or by its server.");
        }
    }
}
