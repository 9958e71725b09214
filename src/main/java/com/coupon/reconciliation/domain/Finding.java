package com.coupon.reconciliation.domain;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.reconciliation.domain.Copy.Status;
import org.jspecify.annotations.Nullable;

/** One way in which the two sides do not agree. Two findings that are equal are one. */
public sealed interface Finding {

    /** A winner whose coupon the ledger does not have. */
    record MissingInLedger(Copy redis) implements Finding {
        @Override
        public Kind kind() {
            return Kind.MISSING_IN_LEDGER;
        }
    }

    /** A coupon of the ledger whose member is no winner where claims are answered. */
    record MissingInRedis(Copy ledger) implements Finding {
        @Override
        public Kind kind() {
            return Kind.MISSING_IN_REDIS;
        }
    }

    /**
     * Both sides tell of a serial or of a member, and not the same.
     *
     * @param redis null where the winner's record cannot be read
     * @param ledger null where the ledger holds the serial to be void
     */
    record Conflict(Difference difference, @Nullable Copy redis, @Nullable Copy ledger)
            implements Finding {
        @Override
        public Kind kind() {
            return Kind.CONFLICT;
        }
    }

    /** In what the two sides of a conflict differ. */
    enum Difference {
        /** The code of the same member's same serial. */
        CODE,
        /** Whether the coupon was taken back. */
        STATUS,
        /** Who has the serial. */
        MEMBER,
        /** Which serial the member has. */
        SERIAL,
        /** The ledger says that nobody will ever have the serial. */
        VOID,
        /** The winner's record cannot be read. */
        UNREADABLE
    }

    /**
     * The numbers of a campaign contradict each other.
     *
     * @param expected what they should come to
     * @param found what they come to
     */
    record StockDrift(Measure measure, long expected, long found) implements Finding {
        @Override
        public Kind kind() {
            return Kind.STOCK_DRIFT;
        }
    }

    /** What a drift was measured by. */
    enum Measure {
        /** The coupons there are in Redis, against the catalogue. */
        QUANTITY,
        /** The coupons given back in Redis, against the catalogue. */
        RETURNED,
        /** What is left, against what there is and what was issued. */
        REMAINING,
        /** Winners and void serials, against what was issued. */
        ISSUED
    }

    /**
     * More was issued than there is. A person has to decide who keeps a coupon.
     *
     * @param redis the copy beyond the stock, or null where it is not in Redis
     * @param ledger the same of the ledger
     * @param stock how many there are
     * @param issued the serial beyond, or where no single coupon is meant, how many were issued
     */
    record Oversold(@Nullable Copy redis, @Nullable Copy ledger, long stock, long issued)
            implements Finding {
        @Override
        public Kind kind() {
            return Kind.OVERSOLD;
        }
    }

    /**
     * An entry of the outbox that no winner belongs to.
     *
     * @param coupon null where the entry cannot be read
     * @param redis what its member has instead, or null
     */
    record OrphanOutbox(String entry, @Nullable IssuedCoupon coupon, @Nullable Copy redis)
            implements Finding {
        @Override
        public Kind kind() {
            return Kind.ORPHAN_OUTBOX;
        }
    }

    /** What it is called where only the kind counts. */
    enum Kind {
        MISSING_IN_LEDGER,
        MISSING_IN_REDIS,
        CONFLICT,
        STOCK_DRIFT,
        OVERSOLD,
        ORPHAN_OUTBOX
    }

    Kind kind();

    /** The coupon it is about, or null where it is about none in particular. */
    default @Nullable IssuedCoupon subject() {
        return switch (this) {
            case MissingInLedger(Copy redis) -> redis.coupon();
            case MissingInRedis(Copy ledger) -> ledger.coupon();
            case Conflict(Difference _, Copy redis, Copy ledger) -> either(redis, ledger);
            case StockDrift _ -> null;
            case Oversold(Copy redis, Copy ledger, long _, long _) -> either(redis, ledger);
            case OrphanOutbox(String _, IssuedCoupon coupon, Copy _) -> coupon;
        };
    }

    private static @Nullable IssuedCoupon either(@Nullable Copy redis, @Nullable Copy ledger) {
        if (redis != null) {
            return redis.coupon();
        }
        return ledger == null ? null : ledger.coupon();
    }

    /**
     * What two copies of one serial, or of one member, disagree in; null where they agree.
     *
     * @param redis of a winner
     * @param ledger with the serial or the member of the winner
     */
    static @Nullable Finding between(Copy redis, Copy ledger) {
        Difference difference = difference(redis, ledger);
        return difference == null ? null : new Conflict(difference, redis, ledger);
    }

    private static @Nullable Difference difference(Copy redis, Copy ledger) {
        if (!redis.coupon().member().equals(ledger.coupon().member())) {
            return Difference.MEMBER;
        }
        if (redis.serial() != ledger.serial()) {
            return Difference.SERIAL;
        }
        if (!redis.coupon().code().equals(ledger.coupon().code())) {
            return Difference.CODE;
        }
        return redis.hasStatusLike(ledger) ? null : Difference.STATUS;
    }

    /** Whether a repair takes nothing from anybody, so that no person has to decide. */
    default boolean isRepairable() {
        return switch (this) {
            case MissingInLedger _, MissingInRedis _, StockDrift _ -> true;
            // the ledger knows best: whom it took a coupon from has none, and it can be read
            case Conflict(Difference difference, Copy _, Copy ledger) ->
                    difference == Difference.UNREADABLE
                            || (difference == Difference.STATUS
                                    && ledger != null
                                    && ledger.status() == Status.REVOKED);
            case Oversold _ -> false;
            case OrphanOutbox(String _, IssuedCoupon coupon, Copy redis) ->
                    coupon != null && redis == null;
        };
    }
}
