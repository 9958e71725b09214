package com.coupon.faults;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one run; a line of JSON in the result file.
 *
 * @param control the protection that was taken away, or null
 * @param quantity coupons of the campaign
 * @param members who claimed
 * @param acknowledged members who were told of a coupon
 * @param rows of the ledger in the end
 * @param voids serials that nobody gets
 * @param lost members who were told of a coupon that is not theirs in the ledger
 * @param oversold what is in the ledger beyond what may be there
 * @param other violations of the other rules, and ledgers that did not become complete
 * @param pauseMillis from the fault to the first definite answer after the last one that was not
 *     definite; 0 if there was none
 * @param electedMillis from the fault until a replica had taken over, or null
 * @param convergedMillis from the end of the fault until the ledger was complete, or null
 * @param violations as sentences
 */
record Result(
        String fault,
        String topology,
        long seed,
        @Nullable String control,
        int quantity,
        int members,
        int acknowledged,
        int rows,
        int voids,
        int lost,
        int oversold,
        int other,
        long pauseMillis,
        @Nullable Long electedMillis,
        @Nullable Long convergedMillis,
        List<String> violations) {

    boolean isSound() {
        return lost + oversold + other == 0;
    }
}
