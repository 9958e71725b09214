package com.coupon.reconciliation.port.in;

import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.persistence.port.in.CountIssuances.IssuanceCount;
import com.coupon.shared.CampaignId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows a campaign as both sides have it. Thread-safe. */
public interface ViewStats {

    /**
     * @return empty where there is no such campaign
     * @throws RuntimeException if one of the two sides cannot be asked
     */
    Optional<CampaignStats> stats(CampaignId campaign);

    /**
     * Both sides of a campaign.
     *
     * @param progress where claims are decided
     * @param ledger what has been recorded, counted just before
     */
    record CampaignStats(CampaignProgress progress, IssuanceCount ledger) {

        /**
         * Issued coupons that the ledger does not have yet. Not negative, since the ledger was
         * looked at first, unless the two sides contradict each other.
         */
        public long unrecorded() {
            return progress.issued() - ledger.recorded() - ledger.voided();
        }

        /**
         * Coupons that are in Kafka and not yet in the ledger, those among them that became dead
         * letters; null where it is not known how many are published.
         */
        public @Nullable Long unconsumed() {
            Long published = progress.published();
            return published == null ? null : Math.max(0, published - ledger.recorded());
        }

        /**
         * Issued coupons that are neither void nor in Kafka nor on their way there: 0, unless an
         * entry of the outbox was lost, or the void serials have changed meanwhile. Null where it
         * is not known how many are published.
         */
        public @Nullable Long unaccounted() {
            Long published = progress.published();
            return published == null
                    ? null
                    : progress.issued() - ledger.voided() - published - progress.unpublished();
        }
    }
}
