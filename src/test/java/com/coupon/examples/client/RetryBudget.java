package com.coupon.examples.client;

/**
 * How many requests of a process may be repeats: a share of its first attempts, and a few more. So
 * a server that refuses everybody is asked hardly more often than one that answers, however many
 * members the process acts for. The idea is that of the Google SRE book, "Handling Overload"
 * (per-client retry budget), kept as a token bucket: each first attempt puts a part of a token in,
 * each repeat takes one out. Thread-safe; one for all clients of a process.
 */
public final class RetryBudget {

    private static final long TOKEN = 100;

    private final int percent;
    private final long most;
    private long left;

    /**
     * @param percent repeats that are allowed for each 100 first attempts, 0 to 100
     * @param reserve repeats that are allowed besides, to begin with and after a calm; 0 to
     *     1,000,000. For an application of a single member they are all there is
     */
    public RetryBudget(int percent, int reserve) {
        if (percent < 0 || percent > 100 || reserve < 0 || reserve > 1_000_000) {
            throw new IllegalArgumentException(percent + " %, " + reserve);
        }
        this.percent = percent;
        this.most = reserve * TOKEN;
        this.left = most;
    }

    /** Counts a claim that is made for the first time. */
    public synchronized void attempt() {
        left = Math.min(most, left + percent);
    }

    /**
     * Takes a token.
     *
     * @return false where there is none, and the request is not to be repeated
     */
    public synchronized boolean allowsRepeat() {
        if (left < TOKEN) {
            return false;
        }
        left -= TOKEN;
        return true;
    }
}
