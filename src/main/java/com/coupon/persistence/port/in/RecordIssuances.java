package com.coupon.persistence.port.in;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.Recorded;
import com.coupon.persistence.domain.UnrecordableException;
import java.util.List;

/** Records issued coupons. Thread-safe. */
public interface RecordIssuances {

    /**
     * Records all of them that can be, in one transaction; what is recorded already is left as it
     * is.
     *
     * @throws UnrecordableException if one of them is refused for good; then none is recorded
     * @throws RuntimeException if the database cannot be reached; then none is recorded, and it may
     *     be tried again
     */
    Recorded record(List<IssuedCoupon> coupons);
}
