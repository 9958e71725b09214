/**
 * Follows a campaign: live while the service lets us, which has a bounded number of places; else by asking now and then,
 * never at the same time as others, and with another try for a place after a few questions. Nobody asks for a page that
 * nobody looks at.
 */
import * as answers from "./answers.js";
import { backoff, pause } from "./repeating.js";

/** Between two questions, and up to twice as long; the longer one where little is to be expected. */
const POLL_MS = 10_000;
const QUIET_POLL_MS = 120_000;
const POLLS_BETWEEN_TRIES = 6;

/** An hour of asking at least; whoever is still there then may reload the page. */
const MOST_TRIES = 60;

const OVER = new Set(["CLOSED", "ARCHIVED"]);

/** Calls `told` with each view of the campaign after the one that is known. */
export async function follow(view, told) {
    let known = view;
    const tell = (next) => {
        known = next;
        told(next);
    };
    for (let tries = 0; tries < MOST_TRIES; tries++) {
        await listen(view.id, tell);
        for (let polls = 0, failures = 0; polls < POLLS_BETWEEN_TRIES; polls++) {
            if (OVER.has(known.state)) {
                return;
            }
            const shortest = known.state === "SCHEDULED" || known.remaining === 0 ? QUIET_POLL_MS : POLL_MS;
            await pause(shortest * (1 + Math.random()));
            await isLookedAt();
            const answer = await answers.view(view.id);
            if (answer.kind === "shown") {
                failures = 0;
                tell(answer.body);
            } else {
                await pause(backoff(++failures, answer.retryAfterMs));
            }
        }
    }
}

/** Follows live until the service refuses, or has told all there is. */
function listen(campaign, told) {
    return new Promise((resolve) => {
        const source = answers.events(campaign);
        source.addEventListener("campaign", (event) => told(JSON.parse(event.data)));
        // a connection that merely ends is taken up again by the browser, when the service has told it to
        source.addEventListener("error", () => {
            if (source.readyState === EventSource.CLOSED) {
                resolve();
            }
        });
    });
}

function isLookedAt() {
    return new Promise((resolve) => {
        const look = () => {
            if (document.visibilityState === "visible") {
                document.removeEventListener("visibilitychange", look);
                resolve();
            }
        };
        document.addEventListener("visibilitychange", look);
        look();
    });
}
