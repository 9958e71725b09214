/**
 * The clock of the service, by which a campaign opens and closes. It is told with each view of a campaign; between two of
 * them the browser's monotonic clock goes on, which nobody can set.
 */
export class Clock {
    #offset = -Infinity;

    /** What is told arrives late, never early, so the latest reading is the best one. */
    told(serverTime) {
        this.#offset = Math.max(this.#offset, Date.parse(serverTime) - performance.now());
    }

    /** Milliseconds since 1970 as the service counts them. */
    now() {
        return performance.now() + this.#offset;
    }
}
