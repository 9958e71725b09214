package com.coupon.issuance.domain;

import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.List;

/**
 * Members of one campaign who are answered together, in this order.
 *
 * @param question what they all ask
 * @param members 1 to {@value #MAX_SIZE}; a member named twice is one claim
 * @param confirmed how far the campaign is known to be replicated
 * @param seen how far the asking node has ever seen it
 */
public record ClaimBatch(
        CampaignId campaign,
        Question question,
        List<MemberId> members,
        Confirmed confirmed,
        Watermark seen) {

    /** What one call of the script takes at most. */
    public static final int MAX_SIZE = 1_000;

    /** What a member wants to know. */
    public enum Question {
        /** Give me a coupon, or the one I have. */
        CLAIM,
        /** Do I have a coupon? */
        FIND
    }

    /**
     * @throws IllegalArgumentException if there are no members or too many
     */
    public ClaimBatch {
        members = List.copyOf(members);
        if (members.isEmpty() || members.size() > MAX_SIZE) {
            throw new IllegalArgumentException("A batch has 1 to " + MAX_SIZE + " members.");
        }
    }
}
