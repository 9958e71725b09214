/**
 * Who is claiming. There are three ways, of which the service names one in the page; each has
 *
 * - `headers()`, resolving to the headers of a request, or to null where nobody is known,
 * - `renew()`, resolving to whether it is worth asking again after the service did not know us.
 */

/** The visitor says it. The service believes it only where it is told to believe headers. */
class Named {
    static #KEY = "coupon.member";

    asks = true;

    get name() {
        return sessionStorage.getItem(Named.#KEY);
    }

    set name(name) {
        if (name === null) {
            sessionStorage.removeItem(Named.#KEY);
        } else {
            sessionStorage.setItem(Named.#KEY, name);
        }
    }

    /** Member ids are visible ASCII characters. */
    static accepts(name) {
        return /^[!-~]{1,128}$/.test(name);
    }

    async headers() {
        return this.name === null ? null : { "X-User-Id": this.name };
    }

    async renew() {
        this.name = null;
        return false;
    }
}

/** A gateway in front knows it, by a cookie, and tells the service; the page has nothing to add. */
class KnownToTheGateway {
    asks = false;

    async headers() {
        return {};
    }

    async renew() {
        return false;
    }
}

/**
 * The site that has opened this page hands over its member's token when it is asked, see docs/pages.md. The token stays in
 * memory, and is taken from the window that opened us alone, if its origin is one of those the service names.
 */
class HandedOver {
    static #LONGEST_WAIT_MS = 5_000;

    asks = false;
    #token = null;
    #arrived = () => {};

    constructor(origins) {
        addEventListener("message", (event) => {
            const isOurs = event.source !== null && event.source === window.opener && origins.includes(event.origin);
            if (isOurs && event.data?.type === "coupon.token" && /^[\w.~+/=-]{1,8000}$/.test(event.data.token)) {
                this.#token = event.data.token;
                this.#arrived();
            }
        });
    }

    async headers() {
        if (this.#token === null) {
            await this.#request();
        }
        return this.#token === null ? null : { Authorization: `Bearer ${this.#token}` };
    }

    async renew() {
        this.#token = null;
        await this.#request();
        return this.#token !== null;
    }

    #request() {
        if (!window.opener) {
            return Promise.resolve();
        }
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, HandedOver.#LONGEST_WAIT_MS);
            this.#arrived = () => {
                clearTimeout(timer);
                resolve();
            };
            // no secret, so whoever has opened us may hear it
            window.opener.postMessage({ type: "coupon.token-wanted" }, "*");
        });
    }
}

export const accepts = Named.accepts;

/** The way that the service names in the page. */
export function identityOf({ identity, asksForName, openers }) {
    if (identity === "token") {
        return new HandedOver(openers.split(" ").filter(Boolean));
    }
    return asksForName === "true" ? new Named() : new KnownToTheGateway();
}
