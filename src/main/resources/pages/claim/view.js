/** What is seen: puts what is known into the document. It decides nothing, and asks nobody. */
import { preferredLanguage, wordsOf } from "./words.js";

const element = (id) => document.getElementById(id);

let language = preferredLanguage();
let words = wordsOf(language);

export function speak(chosen) {
    language = chosen;
    words = wordsOf(language);
    document.documentElement.lang = language;
    for (const button of document.querySelectorAll("[data-language]")) {
        button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    document.title = words.page;
    element("name").textContent = words.page;
    element("copy").textContent = words.copy;
    element("sign-in").textContent = words.signIn;
    element("introduce").textContent = words.introduce;
    element("forget").textContent = words.forget;
    element("show").textContent = words.show;
    element("introduction").querySelector("label").textContent = words.member;
    element("member-hint").textContent = words.memberHint;
}

export function currentLanguage() {
    return language;
}

const number = (value) => value.toLocaleString(language);

function put(id, text) {
    const it = element(id);
    if (it.textContent !== text) {
        it.textContent = text;
    }
}

function show(id, isShown) {
    element(id).hidden = !isShown;
}

/** The campaign at this moment, in the state that its clock makes of it. */
export function showCampaign(view, state) {
    show("state", true);
    document.title = words.title(view.name);
    put("name", view.name);
    const shown = state === "OPEN" && view.remaining === 0 ? "GONE" : state;
    put("state", words.states[shown]);
    const { dataset } = element("ticket");
    if (shown === "OPEN" && dataset.state !== undefined && dataset.state !== shown) {
        put("announcement", words.states.OPEN);
    }
    dataset.state = shown;
    const hasStock = state === "OPEN" || state === "PAUSED" || state === "SCHEDULED";
    show("stock", hasStock);
    put("remaining", words.remaining(number(view.remaining)));
    put("quantity", words.quantity(number(view.quantity)));
    const bar = element("stock-bar");
    bar.max = view.quantity;
    bar.value = view.remaining;
    if (state === "OPEN" && !element("countdown").hidden) {
        // somebody is about to press what is below
        element("campaign").style.minHeight = `${element("campaign").offsetHeight}px`;
    }
    show("countdown", state === "SCHEDULED");
}

/** Gives up the room that something that has gone has left. */
export function fit() {
    element("campaign").style.minHeight = "";
}

export function showCountdown(ms, opensAt) {
    const seconds = Math.max(0, Math.ceil(ms / 1_000));
    const two = (value) => String(value).padStart(2, "0");
    const days = Math.floor(seconds / 86_400);
    put("countdown-label", words.opensIn);
    put("countdown-value", (days > 0 ? words.days(days) : "")
        + [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":"));
    const moment = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(new Date(opensAt));
    put("countdown-moment", words.opensAt(moment));
}

let announced = null;

/** Says it to whoever does not see the page; once, however often it is shown. */
function announce(kind) {
    if (kind !== announced) {
        announced = kind;
        if (kind !== null) {
            put("announcement", words.answers[kind].join(". "));
        }
    }
}

/** What became of a claim, or null where nothing has. */
export function showResult(kind, coupon) {
    show("result", kind !== null);
    if (kind !== null) {
        fit();
    }
    element("ticket").dataset.result = kind ?? "";
    announce(kind);
    if (kind === null) {
        return;
    }
    const [title, text] = words.answers[kind];
    put("result-title", title);
    put("result-text", text);
    show("coupon", coupon !== null);
    put("code", coupon ?? "");
}

export function showWait(ms) {
    show("result-wait", ms > 0);
    put("result-wait", words.wait(Math.ceil(ms / 1_000)));
}

/**
 * @param claim what the great button says: `soon`, `claim`, `claiming`, `again`, or null where there is none
 * @param hasCoupons whether there is anything to be had
 * @param mayClaim whether pressing it does anything
 */
export function showControls({ claim, mayClaim, shows, signIn, introduces, hasCoupons, name }) {
    show("claim", claim !== null);
    put("claim", claim === null ? "" : words[claim]);
    element("claim").setAttribute("aria-disabled", String(!mayClaim));
    element("claim").dataset.says = claim ?? "";
    show("show", shows);
    element("show").setAttribute("aria-disabled", String(claim === "claiming"));
    show("sign-in", signIn !== "");
    if (signIn !== "") {
        element("sign-in").href = signIn;
    }
    show("introduction", introduces);
    // else it is for winners who come back
    element("introduce").className = hasCoupons ? "primary" : "secondary";
    show("known", name !== null);
    put("known-as", name === null ? "" : words.knownAs(name));
}

export function focusResult() {
    element("result-title").focus();
}

/** Copies the code, or selects it where the browser does not let us. */
export async function copyCode() {
    const code = element("code");
    try {
        await navigator.clipboard.writeText(code.textContent);
    } catch {
        getSelection().selectAllChildren(code);
        if (!document.execCommand("copy")) {
            return;
        }
    }
    put("copy", words.copied);
    put("announcement", words.copied);
}
