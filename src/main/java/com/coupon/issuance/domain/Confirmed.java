package com.coupon.issuance.domain;

/**
 * How far a campaign's decisions are known to be safe, which is to be replicated, or published,
 * too. Replication is in order, so one number is enough; it holds for the home it was learned of,
 * since one that took its place may have less.
 *
 * @param home names a server and an epoch, as a decision does
 * @param serial all up to this one are safe
 */
public record Confirmed(String home, long serial) {

    /** Where nobody asks for replication. */
    public static final Confirmed EVERYTHING = new Confirmed("*", Long.MAX_VALUE);

    /** Where nothing is known yet. */
    public static final Confirmed NOTHING = new Confirmed("", 0);

    /** Whether a serial that was decided on this home is confirmed. */
    public boolean covers(String decidedOn, long decided) {
        return decided <= serial && (decided == 0 || home.equals("*") || home.equals(decidedOn));
    }

    /** The further of the two where they are of one home, else the one that was learned later. */
    public Confirmed or(Confirmed later) {
        return home.equals(later.home) && serial > later.serial ? this : later;
    }
}
