// Who did what.

import { code, empty, h, link, none, table, time } from './dom.js';
import { filterText, page, pager } from './paging.js';
import { t, tOr } from './words.js';

/** Changes that are told in a row; the others are to be unfolded. */
const TOLD = 3;

export async function audit(context) {
  const { items, next } = await page(context, '/audit-log', 'before', ['subject']);
  return {
    title: t('nav.audit-log'),
    content: [
      h('div', { class: 'head' }, h('h1', { tabindex: -1 }, t('nav.audit-log'))),
      h('p', { class: 'lead' }, t('audit.lead')),
      h('div', { class: 'filters' }, filterText(context, 'before', 'subject', t('audit.subject'))),
      auditTable(items, true),
      pager(context, 'before', next),
    ].filter(Boolean),
  };
}

/** Entries as a table; with what they are about, where that is not clear. */
export function auditTable(items, withSubject) {
  if (items.length === 0) {
    return empty(t('audit.none'));
  }
  return table(
    t('nav.audit-log'),
    [
      { title: t('audit.at'), cell: (row) => time(row.at) },
      { title: t('audit.operator'), cell: (row) => (row.operator === 'the service' ? h('em', {}, t('audit.service')) : row.operator) },
      { title: t('audit.action'), cell: (row) => h('span', { 'data-action': row.action }, tOr(`audit.${row.action}`, row.action)) },
      withSubject && { title: t('audit.subject'), cell: (row) => subject(row.subject) },
      { title: t('audit.change'), wide: true, cell: (row) => change(row) },
    ].filter(Boolean),
    items,
  );
}

function subject(name) {
  const letter = /^dead-letter-(\d+)$/.exec(name);
  return letter ? link(`#/dead-letters/${letter[1]}`, code(name)) : link(`#/campaigns/${name}`, code(name));
}

/** What differs between before and after. */
function change({ before, after }) {
  const was = flat(before);
  const is = flat(after);
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]);
  if (names.length === 0) {
    return none();
  }
  const lines = names.map((name) =>
    h('div', { class: 'change' }, h('span', { class: 'sub' }, name), ' ', name in was && h('del', {}, was[name]), name in was && name in is && ' → ', name in is && h('ins', {}, is[name])),
  );
  return lines.length <= TOLD ? lines : h('details', {}, h('summary', {}, t('audit.changes', { count: lines.length })), lines);
}

function flat(value, prefix = '') {
  if (value === null || typeof value !== 'object') {
    return {};
  }
  const all = {};
  for (const [name, its] of Object.entries(value)) {
    if (its !== null && typeof its === 'object') {
      Object.assign(all, flat(its, `${prefix}${name}.`));
    } else if (its !== null) {
      all[prefix + name] = String(its);
    }
  }
  return all;
}
