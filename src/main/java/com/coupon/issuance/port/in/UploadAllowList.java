package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.AllowListResult;
import com.coupon.issuance.domain.IllegalTransitionException;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.NotEditableException;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.Iterator;
import java.util.function.LongConsumer;

/** Says who may claim. Thread-safe. */
public interface UploadAllowList {

    /**
     * Replaces a campaign's allow-list, all at once, after the last member was read; until then,
     * and where it is cut short, the former list is in force.
     *
     * @param members read once, in bounded memory; what it throws ends the upload
     * @param progress is told from time to time how many members have been read
     * @return as soon as claims are decided by the new list, on each replica that is waited for
     * @throws NotEditableException if the campaign is closed or archived
     * @throws IllegalTransitionException if a list that was begun later is in force already
     * @throws IssuanceUnavailableException if Redis cannot be asked; the new list then follows by
     *     itself
     */
    AllowListResult upload(CampaignId campaign, Iterator<MemberId> members, LongConsumer progress);
}
