package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.domain.Watermark;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stock of coupons, and the one place where claims are decided. Thread-safe. */
public interface CouponStock {

    /**
     * Which of these campaigns there certainly are not. However many they are, it is one look, so
     * that campaigns that somebody makes up cost no more than others.
     *
     * @throws IssuanceUnavailableException if there is no answer
     */
    Set<CampaignId> unknown(Set<CampaignId> campaigns);

    /**
     * Answers a batch, all at once: nothing comes between its first answer and its last. A campaign
     * that is not there is taken for lost.
     *
     * @throws IssuanceUnavailableException if there is no answer; after {@code UNKNOWN} any of the
     *     claims may have won
     */
    Decision decide(ClaimBatch batch);

    /** Whether there are replicas that a decision can wait for. */
    boolean isReplicated();

    /**
     * What was decided, and the means to learn that it is replicated. Used by one thread at a time.
     */
    interface Decision extends AutoCloseable {

        /** One for each member of the batch, in its order. */
        List<ClaimResult> results();

        /** What this decision wrote to the outbox. */
        List<OutboxEntry> outbox();

        /** How far the campaign is after this decision; {@link Watermark#NONE} if unknown. */
        Watermark watermark();

        /** The state in which it left a campaign that has nothing to give; null of any other. */
        @Nullable SoldOut soldOut();

        /** How long the clock alone does not end that state; zero where there is none. */
        Duration soldOutFor();

        /** Up to this serial all is in the ledger, whatever becomes of Redis. */
        long cut();

        /**
         * Names the server that decided and the epoch, for as long as what was written there lives
         * on.
         */
        String home();

        /**
         * Waits until the replicas have everything that this decision rests on, and with it all
         * that was decided before on the same home.
         *
         * @param budget how long it may take, at least a millisecond
         * @return whether as many replicas as are configured said so in that time
         */
        boolean confirm(Duration budget);

        /**
         * Up to which serial everything that was issued is known to be in Kafka; 0 where that
         * cannot be told.
         */
        long published();

        /** Gives back what {@link #confirm} needs; called once. */
        @Override
        void close();
    }
}
