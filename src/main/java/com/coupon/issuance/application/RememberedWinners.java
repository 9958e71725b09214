package com.coupon.issuance.application;

import com.coupon.issuance.domain.Winner;
import com.coupon.shared.Fingerprint;
import com.coupon.shared.MemberId;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All winners of a campaign that is sold out, in memory. Immutable and thread-safe. */
sealed interface RememberedWinners {

    /** Whether a member may be one of them; who may not has surely won nothing. */
    boolean mayInclude(MemberId member);

    /** What a member who may be one of them has won; null where only Redis knows. */
    @Nullable Winner find(MemberId member);

    int size();

    /** With their coupons. */
    record Complete(Map<MemberId, Winner> winners) implements RememberedWinners {

        @Override
        public boolean mayInclude(MemberId member) {
            return winners.containsKey(member);
        }

        @Override
        public @Nullable Winner find(MemberId member) {
            return winners.get(member);
        }

        @Override
        public int size() {
            return winners.size();
        }
    }

    /** A number for each of them, in order; a few others share one of these numbers. */
    final class Fingerprints implements RememberedWinners {

        private final long[] sorted;

        /**
         * @param fingerprints of {@link #of}; repetitions count once
         */
        Fingerprints(long[] fingerprints) {
            this.sorted = Arrays.stream(fingerprints).sorted().distinct().toArray();
        }

        @Override
        public boolean mayInclude(MemberId member) {
            return Arrays.binarySearch(sorted, of(member)) >= 0;
        }

        @Override
        public @Nullable Winner find(MemberId member) {
            return null;
        }

        @Override
        public int size() {
            return sorted.length;
        }

        static long of(MemberId member) {
            return Fingerprint.of(member.value(), 0);
        }
    }
}
