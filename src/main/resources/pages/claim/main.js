/** The page where a member claims a coupon of one campaign: what is known, and what follows from it. */
import * as answers from "./answers.js";
import { Clock } from "./clock.js";
import { follow } from "./following.js";
import { accepts, identityOf } from "./identity.js";
import { pause, Repeating } from "./repeating.js";
import * as page from "./view.js";
import { choose } from "./words.js";

/** So that not everybody claims in the same millisecond: each page opens within this time after its campaign. */
const SPREAD_MS = 1_000;

/** A connection is made at some moment before the opening, between these two, and not by everybody at once. */
const CONNECT_BEFORE_MS = [2_000, 20_000];

const TICK_MS = 250;

/** A view that is not older than this may lag behind the answer that all is gone. */
const VIEW_LAGS_MS = 2_000;

const WON = new Set(["issued", "already-issued"]);

/** Answers that are no longer true once the campaign is open and has coupons. */
const UNTIL_OPEN = new Set(["not-open-yet", "paused", "closed", "sold-out"]);

/** After these there is nothing left to claim. */
const DONE = new Set([...WON, "not-eligible", "revoked", "archived", "unknown-campaign", "no-campaign"]);

const settings = document.documentElement.dataset;
const campaign = new URLSearchParams(location.search).get("campaign") ?? settings.campaign;
const identity = identityOf(settings);
const clock = new Clock();
const repeating = new Repeating();
const spread = Math.random() * SPREAD_MS;

let view = null;
let result = null;
let resultAt = 0;
let coupon = null;
let isBusy = false;
let nextTryAt = 0;

/** As the window says by the clock of the service, also where it has not told us yet. */
function stateNow() {
    const openSince = clock.now() - Date.parse(view.opensAt);
    if (view.state === "SCHEDULED" && openSince >= spread) {
        return "OPEN";
    }
    // an opening that was moved after the first coupon leaves the campaign open
    if (view.state === "OPEN" && openSince >= 0 && openSince < spread) {
        return "SCHEDULED";
    }
    const isOver = view.closesAt !== null && clock.now() >= Date.parse(view.closesAt);
    return view.state === "OPEN" && isOver ? "CLOSED" : view.state;
}

/** What the button offers; nothing where there is nothing to be had. */
function offer(state) {
    if (isBusy) {
        return "claiming";
    }
    if (DONE.has(result) || !isKnown()) {
        return null;
    }
    if (result === "not-known") {
        return "again";
    }
    if (state === "SCHEDULED" && result === null) {
        return "soon";
    }
    if (state !== "OPEN" || view.remaining === 0 || UNTIL_OPEN.has(result)) {
        return null;
    }
    return result === "offline" ? "again" : "claim";
}

function isKnown() {
    return !identity.asks || identity.name !== null;
}

/** What there is to say of the campaign while nobody has asked for anything. */
function impliedBy(state) {
    switch (state) {
        case "PAUSED": return "paused";
        case "CLOSED": return "closed";
        case "ARCHIVED": return "archived";
        case "OPEN": return view.remaining === 0 ? "sold-out" : null;
        default: return null;
    }
}

function render() {
    const state = view === null ? null : stateNow();
    if (view !== null) {
        page.showCampaign(view, state);
        if (state === "SCHEDULED") {
            page.showCountdown(Date.parse(view.opensAt) - clock.now(), view.opensAt);
        }
    }
    const claim = view === null ? (result === "not-known" ? "again" : null) : offer(state);
    page.showResult(result ?? (isBusy ? null : impliedBy(state)), WON.has(result) ? coupon : null);
    page.showWait(nextTryAt - performance.now());
    page.showControls({
        claim,
        mayClaim: !isBusy && claim !== "soon",
        // winners are answered whatever has become of the campaign
        shows: view !== null && state !== "SCHEDULED" && isKnown() && claim === null && !DONE.has(result)
            && result !== "no-claim" && result !== "unauthenticated",
        signIn: result === "unauthenticated" ? settings.signIn : "",
        introduces: view !== null && !isKnown(),
        hasCoupons: view !== null && view.remaining > 0 && (state === "OPEN" || state === "SCHEDULED"),
        name: identity.asks && !isBusy ? identity.name : null,
    });
}

function conclude(kind, won = null) {
    result = kind;
    resultAt = clock.now();
    coupon = won;
    nextTryAt = 0;
    render();
}

/** An answer that is not final, and when it is asked again. */
function waiting({ kind }, ms) {
    const shown = kind === "unheard" && !navigator.onLine ? "offline" : kind;
    if (result !== shown) {
        conclude(shown);
    }
    nextTryAt = performance.now() + ms;
    render();
}

/** One request, with another token where the first one did not count. */
async function asMember(ask) {
    const headers = await identity.headers();
    if (headers === null) {
        return { kind: "unauthenticated" };
    }
    const answer = await ask(campaign, headers);
    return answer.kind === "unauthenticated" && await identity.renew()
        ? ask(campaign, await identity.headers())
        : answer;
}

/** Asks for the member, one request at a time, and says what came of it. */
async function settle(ask) {
    if (isBusy) {
        return;
    }
    isBusy = true;
    result = null;
    render();
    const answer = await repeating.untilFinal(() => asMember(ask), waiting);
    isBusy = false;
    if (answer.kind === "unheard" && !navigator.onLine) {
        conclude("offline");
    } else if (answer.again) {
        conclude("not-known");
    } else {
        conclude(answer.kind, WON.has(answer.kind) ? answer.body.couponCode : null);
        remember(WON.has(answer.kind));
    }
    page.focusResult();
}

/** That this member has a coupon, and not which, so that a page that is reloaded shows it again. */
function remember(hasWon) {
    if (hasWon) {
        sessionStorage.setItem("coupon.won", campaign);
    } else if (sessionStorage.getItem("coupon.won") === campaign) {
        sessionStorage.removeItem("coupon.won");
    }
}

function seen(next) {
    clock.told(next.serverTime);
    view = next;
    const isNews = result !== "sold-out" || Date.parse(next.serverTime) > resultAt + VIEW_LAGS_MS;
    if (UNTIL_OPEN.has(result) && next.state === "OPEN" && next.remaining > 0 && isNews) {
        result = null;
    }
    render();
}

/** The first request after the opening then finds its connection made. */
async function connectBeforeOpening() {
    const [latest, earliest] = CONNECT_BEFORE_MS;
    const before = latest + Math.random() * (earliest - latest);
    const wait = Date.parse(view.opensAt) - clock.now() - before;
    if (view.state === "SCHEDULED" && wait > 0 && wait < 2 ** 31) {
        await pause(wait);
        const answer = await answers.view(campaign);
        if (answer.kind === "shown") {
            seen(answer.body);
        }
    }
}

async function open() {
    if (campaign === "") {
        conclude("no-campaign");
        return;
    }
    result = null;
    render();
    const answer = await repeating.untilFinal(() => answers.view(campaign), waiting);
    nextTryAt = 0;
    if (answer.kind !== "shown") {
        conclude(answer.again ? "not-known" : answer.kind === "broken" ? "unknown-campaign" : answer.kind);
        return;
    }
    result = null;
    seen(answer.body);
    setInterval(render, TICK_MS);
    follow(view, seen);
    connectBeforeOpening();
    if (sessionStorage.getItem("coupon.won") === campaign) {
        settle(answers.find);
    }
}

function on(id, event, then) {
    document.getElementById(id).addEventListener(event, then);
}

on("claim", "click", () => {
    if (view === null) {
        open();
    } else if (offer(stateNow()) !== "soon") {
        settle(answers.claim);
    }
});
on("show", "click", () => settle(answers.find));
on("copy", "click", page.copyCode);
on("introduction", "submit", (event) => {
    event.preventDefault();
    const name = event.target.elements.member.value.trim();
    event.target.elements.member.setAttribute("aria-invalid", String(!accepts(name)));
    if (accepts(name)) {
        identity.name = name;
        result = null;
        render();
        document.getElementById("claim").focus();
    }
});
on("forget", "click", () => {
    identity.name = null;
    remember(false);
    result = null;
    render();
    document.getElementById("member").focus();
});
on("languages", "click", ({ target }) => {
    if (target.dataset.language) {
        choose(target.dataset.language);
        page.fit();
        page.speak(target.dataset.language);
        render();
    }
});
screen.orientation?.addEventListener("change", page.fit);
addEventListener("offline", () => {
    if (!isBusy && !DONE.has(result)) {
        conclude("offline");
    }
});
addEventListener("online", () => {
    if (result === "offline" && !isBusy) {
        result = null;
        render();
    }
});

page.speak(page.currentLanguage());
open();
