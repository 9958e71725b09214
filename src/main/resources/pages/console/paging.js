// Lists as the API pages them: forward, from a place that the address keeps; back is where the browser was before.

import { get, withQuery } from './api.js';
import { h, link, select } from './dom.js';
import { t } from './words.js';

const SIZES = ['25', '50', '100'];

/**
 * A page of a list.
 *
 * @param cursor the parameter that says where a page begins: after or before
 * @param filters parameters of the address that the API knows, too
 */
export async function page(context, path, cursor, filters) {
  const { query, signal } = context;
  const wanted = Object.fromEntries(filters.map((name) => [name, query.get(name)]));
  const { body } = await get(withQuery(path, { ...wanted, [cursor]: query.get(cursor), limit: query.get('limit') ?? SIZES[1] }), { signal });
  return body;
}

/** What leads to the other pages of the list, or null where there are none. */
export function pager(context, cursor, next) {
  const { query, here } = context;
  const first = query.get(cursor) === null;
  if (first && next === null && query.get('limit') === null) {
    return null;
  }
  return h(
    'nav',
    { class: 'pager', 'aria-label': t('pages') },
    !first && link(here({ [cursor]: null }), t('pages.first')),
    next !== null && h('a', { href: here({ [cursor]: next }), rel: 'next' }, t('pages.next')),
    select('limit', sizes(query), query.get('limit') ?? SIZES[1], {
      'aria-label': t('pages.size'),
      onchange: (event) => {
        location.hash = here({ [cursor]: null, limit: event.target.value });
      },
    }),
  );
}

function sizes(query) {
  const chosen = query.get('limit');
  return [...new Set([...SIZES, ...(chosen ? [chosen] : [])])].map((size) => [size, t('pages.of', { size })]);
}

/** A choice of one value of a filter. */
export function filter(context, cursor, name, label, options) {
  const { query, here } = context;
  return h(
    'label',
    { class: 'filter' },
    h('span', {}, label),
    select(name, [['', t('all')], ...options], query.get(name), {
      onchange: (event) => {
        location.hash = here({ [cursor]: null, [name]: event.target.value });
      },
    }),
  );
}

/** A filter that is typed. */
export function filterText(context, cursor, name, label) {
  const { query, here } = context;
  return h(
    'form',
    {
      class: 'filter',
      role: 'search',
      onsubmit: (event) => {
        event.preventDefault();
        location.hash = here({ [cursor]: null, [name]: event.target.elements[name].value.trim() });
      },
    },
    h('label', {}, h('span', {}, label), h('input', { name, type: 'search', value: query.get(name) ?? '', maxlength: 64, autocomplete: 'off' })),
  );
}
