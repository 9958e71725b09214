/**
 * How often, and after how long, a request that has no final answer is repeated: the rules of docs/clients.md. All bounds
 * are here.
 */
const MOST_ATTEMPTS = 6;
const MOST_ALTOGETHER_MS = 30_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 10_000;
const LONGEST_WAIT_MS = 86_400_000;

/** Repeats of this page, whatever they are for; each first attempt adds a tenth. */
const RESERVE = 10;
const PER_FIRST_ATTEMPT = 0.1;

export function pause(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Exponential back-off with full jitter, on top of what the service asks for. */
export function backoff(attempt, retryAfterMs = 0) {
    const most = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
    return retryAfterMs + Math.random() * most;
}

/** Milliseconds that `Retry-After` asks for, in seconds or as a date, a day at most; 0 where it makes no sense. */
export function retryAfter(headers) {
    const value = headers.get("Retry-After") ?? "";
    const wait = /^\d+$/.test(value)
        ? Number(value) * 1_000
        : Date.parse(value) - Date.parse(headers.get("Date"));
    return wait > 0 ? Math.min(wait, LONGEST_WAIT_MS) : 0;
}

export class Repeating {
    #budget = RESERVE;

    /**
     * Asks until there is an answer that is final, or until a bound is reached, and returns the last answer.
     *
     * @param ask resolves to an answer with `again` and `retryAfterMs`
     * @param waiting told of the answer and of the milliseconds until the next attempt
     */
    async untilFinal(ask, waiting = () => {}) {
        const end = performance.now() + MOST_ALTOGETHER_MS;
        this.#budget = Math.min(RESERVE, this.#budget + PER_FIRST_ATTEMPT);
        for (let attempt = 1; ; attempt++) {
            const answer = await ask();
            const wait = answer.again ? backoff(attempt, answer.retryAfterMs) : 0;
            if (!answer.again || attempt === MOST_ATTEMPTS || this.#budget < 1 || performance.now() + wait > end) {
                return answer;
            }
            this.#budget--;
            waiting(answer, wait);
            await pause(wait);
        }
    }
}
