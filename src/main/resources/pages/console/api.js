// The admin API. Nothing else of the service is asked.

import { setClock } from './clock.js';
import { authorize, renew } from './identity.js';
import { Problem } from './problem.js';
import { language, t } from './words.js';

const ROOT = '/api/v1/admin';

/**
 * Calls the API. Whoever is not known is asked who he is, and the call made once more: a 401 has done nothing.
 *
 * @param options body (an object becomes JSON, a file is sent as it is), type, headers, signal
 * @return status, body, etag and the file's name, if any
 * @throws Problem for whatever is no success
 */
export async function call(method, path, options = {}) {
  let response = await send(method, path, options);
  if (response.status === 401) {
    const problem = await problemOf(response);
    await renew(problem);
    response = await send(method, path, options);
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  const type = response.headers.get('Content-Type') ?? '';
  return {
    status: response.status,
    etag: response.headers.get('ETag'),
    body: type.startsWith('application/json') && !options.raw ? await response.json() : await response.blob(),
  };
}

async function send(method, path, { body, type, headers, signal }) {
  const isFile = body instanceof Blob;
  const sent = { Accept: '*/*', 'Accept-Language': language, ...(await authorize()), ...headers };
  if (body !== undefined) {
    sent['Content-Type'] = type ?? (isFile ? body.type : 'application/json');
  }
  try {
    const response = await fetch(ROOT + path, {
      method,
      headers: sent,
      body: body === undefined || isFile ? body : JSON.stringify(body),
      signal,
      cache: 'no-store',
      credentials: 'same-origin',
    });
    setClock(response.headers.get('Date'));
    return response;
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Problem({ title: t('problem.unreachable'), detail: t(method === 'GET' ? 'problem.unreachable.read' : 'problem.unreachable.write') });
  }
}

async function problemOf(response) {
  const retryAfter = Number(response.headers.get('Retry-After') ?? 0);
  let body = {};
  try {
    body = JSON.parse(await response.text());
  } catch {
    // a proxy in between, which tells no more than the status
  }
  return new Problem({
    title: t('problem.other', { status: response.status }),
    ...body,
    status: response.status,
    retryAfter,
  });
}

export const get = (path, options) => call('GET', path, options);
export const post = (path, body, options) => call('POST', path, { body, ...options });

/** A path with those parameters that are there. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== ''));
  return query.size ? `${path}?${query}` : path;
}

/** What is unlikely to have been used before, also where the page is not in a secure context. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
