// Who the operator is. Where tokens count, they come by OAuth 2: authorization code with PKCE (RFC 7636), by S256.
//
// A token is kept in the memory of this page and nowhere else: it outlives neither the tab nor a reload, no other page of
// this origin can read it from a storage, and nothing has to be cleared away. The price is a sign-in after a reload, which
// the issuer mostly answers from its own session. When a token runs out, the sign-in happens in a window of its own, so
// that whatever is open or filled in here stays as it is.

import { signInDialog } from './dialogs.js';
import { t } from './words.js';

const FLOW = 'coupon.console.sign-in';
const OPERATOR = 'coupon.console.operator';
const CHANNEL = 'coupon.console.sign-in';

/** A sign-in that fails says why in a sentence. */
export class SignInError extends Error {}

// what the server has been told, see index.html
const { identity, authorizationUri, tokenUri, clientId, scopes } = document.documentElement.dataset;
const byHeader = identity === 'header';
const byIssuer = authorizationUri !== '';

let token = null;
let signedInBefore = false;
let operator = JSON.parse(sessionStorage.getItem(OPERATOR) ?? 'null');
let renewal = null;
let listener = () => {};

/** Goes on with a sign-in that has led here, if there is one. To be called once, before all else. */
export async function start(onChange) {
  listener = onChange;
  await finish();
}

/** The name to show, or null where nobody is known. */
export function operatorName() {
  if (byHeader) {
    return operator?.name ?? null;
  }
  return token === null ? null : (subjectOf(token) ?? t('sign-in.somebody'));
}

export function forget() {
  token = null;
  operator = null;
  sessionStorage.removeItem(OPERATOR);
  listener();
}

/** The headers that say who is calling. */
export async function authorize() {
  if (byHeader) {
    // where a gateway says who is calling, nothing has to be said here
    return operator === null ? {} : { 'X-User-Id': operator.name, 'X-User-Scopes': operator.scopes };
  }
  if (token === null) {
    await renew(null);
  }
  return { Authorization: `Bearer ${token}` };
}

/** Has the operator sign in, however many calls are waiting for it. Fails with the problem if he does not want to. */
export function renew(problem) {
  renewal ??= ask(problem).finally(() => {
    renewal = null;
  });
  return renewal;
}

async function ask(problem) {
  if (byHeader) {
    const answer = await signInDialog({ kind: 'header', problem, again: operator !== null });
    operator = { name: answer.name, scopes: answer.scopes };
    sessionStorage.setItem(OPERATOR, JSON.stringify(operator));
  } else if (!byIssuer) {
    const answer = await signInDialog({ kind: 'token', problem, again: signedInBefore });
    token = answer.token;
  } else {
    await signInDialog({ kind: 'code', problem, again: signedInBefore, begin: signedInBefore ? inAnotherWindow : () => here() });
  }
  signedInBefore = true;
  listener();
}

/** Signs in as somebody else: the issuer is asked to have a name entered, whoever has a session there. */
export async function switchOperator() {
  forget();
  if (byIssuer) {
    await here({ prompt: 'login' });
  } else {
    location.reload();
  }
}

// --- Authorization code with PKCE ---

async function here(more) {
  const flow = await newFlow(more);
  sessionStorage.setItem(FLOW, JSON.stringify({ ...flow, place: location.hash }));
  location.assign(flow.address);
  return new Promise(() => {}); // the page goes away
}

/** The other window tells the code, and nobody but this page knows the verifier that belongs to it. */
async function inAnotherWindow(signal) {
  const flow = await newFlow();
  const channel = new BroadcastChannel(CHANNEL);
  try {
    const answer = new Promise((resolve, reject) => {
      channel.addEventListener('message', ({ data }) => {
        if (data.state === flow.state && !data.taken) {
          channel.postMessage({ state: flow.state, taken: true });
          resolve(data);
        }
      });
      signal.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
    });
    if (window.open(flow.address, '_blank', 'popup,width=520,height=720') === null) {
      await here(); // windows are not allowed, so this one goes
    }
    await redeem(await answer, flow.verifier);
  } finally {
    channel.close();
  }
}

async function newFlow(more) {
  if (!window.isSecureContext) {
    throw new SignInError(t('sign-in.insecure'));
  }
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const state = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const address = new URL(authorizationUri);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri(),
    scope: scopes,
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    ...more,
  };
  Object.entries(parameters).forEach(([name, value]) => address.searchParams.set(name, value));
  return { address: address.href, verifier, state };
}

/** Goes on where the issuer has sent the operator back; whatever was not begun here is refused. */
async function finish() {
  const answer = Object.fromEntries(new URLSearchParams(location.search));
  if (answer.state === undefined || (answer.code === undefined && answer.error === undefined)) {
    return;
  }
  const flow = JSON.parse(sessionStorage.getItem(FLOW) ?? 'null');
  sessionStorage.removeItem(FLOW);
  const begunHere = flow !== null && flow.state === answer.state;
  history.replaceState(null, '', location.pathname + (begunHere ? flow.place : location.hash));
  if (!begunHere) {
    await handOver(answer);
  }
  await redeem(answer, flow.verifier);
  signedInBefore = true;
}

/** To the page that has opened this window. */
async function handOver(answer) {
  const channel = new BroadcastChannel(CHANNEL);
  const taken = new Promise((resolve) => {
    channel.addEventListener('message', ({ data }) => data.taken && data.state === answer.state && resolve(true));
    setTimeout(() => resolve(false), 2000);
  });
  channel.postMessage(answer);
  const isTaken = await taken;
  channel.close();
  if (isTaken) {
    window.close();
    throw new SignInError(t('sign-in.done'));
  }
  throw new SignInError(t('sign-in.not-begun-here'));
}

async function redeem(answer, verifier) {
  if (answer.error !== undefined) {
    throw new SignInError(t('sign-in.refused', { error: answer.error_description ?? answer.error }));
  }
  let body;
  try {
    const response = await fetch(tokenUri, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: answer.code,
        redirect_uri: redirectUri(),
        client_id: clientId,
        code_verifier: verifier,
      }),
      credentials: 'omit',
      cache: 'no-store',
    });
    body = await response.json();
  } catch {
    throw new SignInError(t('sign-in.issuer-silent'));
  }
  if (typeof body.access_token !== 'string' || body.token_type?.toLowerCase() !== 'bearer') {
    throw new SignInError(t('sign-in.refused', { error: body.error_description ?? body.error ?? 'token_type' }));
  }
  token = body.access_token;
}

function redirectUri() {
  return location.origin + location.pathname;
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Only to be shown: whether the token counts is for the service to say. */
function subjectOf(jwt) {
  try {
    const payload = jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (c) => c.charCodeAt(0)))).sub ?? null;
  } catch {
    return null;
  }
}
