package com.coupon.reconciliation.port.in;

import com.coupon.reconciliation.domain.FindingFilter;
import com.coupon.reconciliation.domain.Run;
import com.coupon.reconciliation.domain.Run.Mode;
import com.coupon.reconciliation.domain.RunFilter;
import com.coupon.reconciliation.domain.RunRequestResult;
import com.coupon.reconciliation.domain.StoredFinding;
import com.coupon.shared.CampaignId;
import java.util.List;
import java.util.Optional;

/**
 * Lets operators have the two sides of a campaign compared. Thread-safe; every method throws a
 * {@link RuntimeException} if the database cannot be reached, and asking again is safe.
 */
public interface Reconcile {

    /**
     * Asks for a run. It is audited.
     *
     * @throws RuntimeException also if Redis cannot be asked, or has lost the campaign
     */
    RunRequestResult request(CampaignId campaign, Mode mode);

    Optional<Run> find(long run);

    /**
     * @param before only runs with a lower id
     * @param limit how many at most
     * @return the latest first
     */
    List<Run> list(RunFilter filter, long before, int limit);

    /**
     * @param after the last number already seen, or 0
     * @param limit how many at most
     * @return by ascending number
     */
    List<StoredFinding> findings(long run, FindingFilter filter, long after, int limit);

    /**
     * Has a run end: at once where it is queued, else as soon as it notices. What it has repaired
     * by then stays repaired. One that is over stays as it is. It is audited.
     *
     * @return the run as it is now
     */
    Optional<Run> cancel(long run);
}
