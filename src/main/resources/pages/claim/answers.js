/** Asks the service, and tells its answers apart by status and `code`, as docs/clients.md has them. */
import { retryAfter } from "./repeating.js";

const LONGEST_ANSWER_MS = 10_000;

/** Problems that are final, or that time alone does not mend. */
const REFUSALS = new Set(["sold-out", "not-open-yet", "paused", "closed", "archived", "revoked", "not-eligible",
    "unknown-campaign", "no-claim", "unauthenticated"]);

/**
 * An answer: what `kind` it is, whether to ask `again`, how long the service wants us to wait, and its `body`.
 *
 * Kinds are `issued`, `already-issued`, the refusals above, `shown` (a campaign), and of what is not final `pending`,
 * `busy` (429, 503 and other failures of a server), `unheard` (no answer came), and `broken` (the request makes no sense).
 */
async function ask(url, options) {
    let response;
    let body;
    try {
        response = await fetch(url, { ...options, signal: AbortSignal.timeout(LONGEST_ANSWER_MS) });
        body = await response.json();
    } catch (failure) {
        // a server that failed need not speak JSON; else the connection, or half an answer, is all there was
        return response && !response.ok && failure instanceof SyntaxError
            ? answer(kindOf(response.status, ""), {}, response)
            : { kind: "unheard", again: true, retryAfterMs: 0, body: {} };
    }
    return answer(kindOf(response.status, body?.code ?? body?.status ?? ""), body, response);
}

function answer(kind, body, response) {
    const again = kind === "pending" || kind === "busy";
    return { kind, again, retryAfterMs: again ? retryAfter(response.headers) : 0, body };
}

function kindOf(status, word) {
    if (REFUSALS.has(word)) {
        return word;
    }
    switch (status) {
        case 200: return word === "ALREADY_ISSUED" ? "already-issued" : "shown";
        case 201: return "issued";
        case 202: return "pending";
        case 401: return "unauthenticated";
        default: return status === 429 || status >= 500 ? "busy" : "broken";
    }
}

function pathOf(campaign) {
    return `/api/v1/campaigns/${encodeURIComponent(campaign)}`;
}

const ACCEPT = { Accept: "application/json" };

export function view(campaign) {
    return ask(pathOf(campaign), { headers: ACCEPT });
}

/** Safe to repeat: a member has one coupon of a campaign, and asking again tells of the same one. */
export function claim(campaign, identity) {
    return ask(`${pathOf(campaign)}/claims`, { method: "POST", headers: { ...ACCEPT, ...identity }, cache: "no-store" });
}

/** Decides nothing. */
export function find(campaign, identity) {
    return ask(`${pathOf(campaign)}/claims/me`, { headers: { ...ACCEPT, ...identity }, cache: "no-store" });
}

export function events(campaign) {
    return new EventSource(`${pathOf(campaign)}/events`);
}
