package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.NotEditableException;
import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.issuance.domain.StockAdjustmentResult;
import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;

/** Changes how many coupons there are, also while they are being claimed. Thread-safe. */
public interface AdjustStock {

    /**
     * Adds coupons or takes away some that are not issued yet; asked twice with the same key it is
     * done once.
     *
     * @return as soon as claims are decided by it, on each replica that is waited for
     * @throws NotEditableException if the campaign is closed or archived
     * @throws InvalidValueException if there would be none left, or too many
     * @throws IssuanceUnavailableException if Redis cannot be asked; asking again with the same key
     *     is safe and tells
     */
    StockAdjustmentResult adjust(StockAdjustment adjustment);

    /**
     * Adds a coupon that was revoked to those that can be issued, in the transaction of the caller,
     * who rolls the campaign out after it. An archived campaign issues nothing any more, so there
     * nothing changes, and neither for one that does not exist.
     *
     * @throws RuntimeException if the database cannot be reached
     */
    void giveBack(CampaignId campaign);
}
