// What the views are made of: elements, tables, times and states.

import { campaignState } from './clock.js';
import { formatInstant, formatNumber, formatUtc, tOr } from './words.js';

/**
 * An element. Properties that begin with "on" are listeners, all others attributes; text becomes text and never markup.
 */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let ids = 0;

/** An id that no other element has. */
export function newId(prefix) {
  ids += 1;
  return `${prefix}-${ids}`;
}

export function none() {
  return h('span', { class: 'none' }, '–');
}

/** An instant in the operator's zone, and in UTC for whoever points at it. */
export function time(instant) {
  return instant ? h('time', { datetime: instant, title: formatUtc(instant) }, formatInstant(instant)) : none();
}

export function number(value) {
  return value === null || value === undefined ? none() : formatNumber(value);
}

export function code(text) {
  return text === null || text === undefined || text === '' ? none() : h('code', {}, String(text));
}

/** A state as a word with a colour, which says nothing that the word does not. */
export function badge(group, value) {
  return h('span', { class: `badge ${group}-${value.toLowerCase()}`, 'data-state': value }, tOr(`${group}.${value}`, value));
}

export function campaignBadge(campaign) {
  return badge('state', campaignState(campaign));
}

/** A link to a view. */
export function link(href, ...children) {
  return h('a', { href }, ...children);
}

export function button(label, onclick, kind, more) {
  return h('button', { type: 'button', class: kind ?? 'quiet', onclick, ...more }, label);
}

/**
 * A table that becomes a list of cards where it is narrow.
 *
 * @param columns each with a title and what of a row is in its cells; numeric ones are set to the right
 */
export function table(caption, columns, rows) {
  return h(
    'table',
    { role: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map((column) =>
          h('th', { role: 'columnheader', scope: 'col', class: column.numeric && 'numeric' }, column.title),
        ),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map((row) =>
        h(
          'tr',
          { role: 'row' },
          columns.map((column) =>
            h(
              'td',
              { role: 'cell', class: column.numeric ? 'numeric' : column.wide && 'wide', 'data-label': column.title },
              h('div', {}, column.cell(row)),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Names with what they stand for. */
export function facts(entries) {
  return h(
    'dl',
    { class: 'facts' },
    entries.filter(Boolean).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

export function panel(title, ...children) {
  const heading = newId('heading');
  return h('section', { class: 'panel', 'aria-labelledby': heading }, h('h2', { id: heading }, title), ...children);
}

export function empty(title, text, ...actions) {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), text && h('p', {}, text), ...actions);
}

/** A problem of the API as it tells it: title, detail and code. */
export function problemBox(problem, ...more) {
  return h(
    'div',
    { class: 'problem', role: 'alert', 'data-code': problem.code },
    h('p', { class: 'problem-title' }, problem.title),
    problem.detail && h('p', {}, problem.detail),
    h('p', { class: 'problem-code' }, [problem.status || null, problem.code].filter(Boolean).join(' · ')),
    ...more,
  );
}

/** A labelled field, with what it is for beneath it. */
export function field(label, control, hint) {
  const id = newId('field');
  control.id = id;
  if (hint) {
    control.setAttribute('aria-describedby', `${id}-hint`);
  }
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    control,
    hint && h('div', { class: 'hint', id: `${id}-hint` }, hint),
  );
}

export function input(name, properties) {
  return h('input', { name, type: 'text', autocomplete: 'off', ...properties });
}

/** A choice; options are pairs of a value and its label. */
export function select(name, options, value, properties) {
  return h(
    'select',
    { name, ...properties },
    options.map(([option, label]) => h('option', { value: option, selected: option === (value ?? '') }, label)),
  );
}
