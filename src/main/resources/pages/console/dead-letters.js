// What the ledger could not take, and what is to become of it.

import { get, post } from './api.js';
import { ask, notice } from './dialogs.js';
import { badge, button, code, empty, facts, field, h, input, link, none, number, panel, table, time } from './dom.js';
import { filter, filterText, page, pager } from './paging.js';
import { formatNumber, t } from './words.js';

const PATH = '/dead-letters';
const STATUSES = ['OPEN', 'REPLAYED', 'DISCARDED'];
const REASONS = ['UNREADABLE', 'REFUSED', 'CONFLICT', 'LATE'];

export async function deadLetters(context) {
  const { items, next } = await page(context, PATH, 'after', ['status', 'campaign', 'reason']);
  return {
    title: t('nav.dead-letters'),
    content: [
      h('div', { class: 'head' }, h('h1', { tabindex: -1 }, t('nav.dead-letters'))),
      h(
        'div',
        { class: 'filters' },
        filter(context, 'after', 'status', t('letter.status'), STATUSES.map((status) => [status, t(`letter.${status}`)])),
        filterText(context, 'after', 'campaign', t('campaign')),
        filter(context, 'after', 'reason', t('reason'), REASONS.map((reason) => [reason, t(`letter.${reason}`)])),
      ),
      items.length === 0
        ? empty(t('letters.none'), context.query.size > 0 ? t('filtered') : t('letters.none.text'))
        : table(
            t('nav.dead-letters'),
            [
              { title: t('letter'), cell: (row) => link(`#${PATH}/${row.id}`, t('letter.number', { id: row.id })) },
              { title: t('reason'), wide: true, cell: (row) => [reasonOf(row), h('div', { class: 'sub' }, row.cause ?? '')] },
              { title: t('campaign'), cell: (row) => (row.campaignId ? link(`#/campaigns/${row.campaignId}`, code(row.campaignId)) : none()) },
              { title: t('finding.serial'), numeric: true, cell: (row) => number(row.serial) },
              { title: t('letter.status'), cell: (row) => badge('letter', row.status) },
              { title: t('letter.storedAt'), cell: (row) => time(row.storedAt) },
              { title: t('letter.decision'), cell: (row) => (row.status === 'OPEN' ? choices(context, row) : decision(row)) },
            ],
            items,
          ),
      pager(context, 'after', next),
    ].filter(Boolean),
  };
}

export async function deadLetter(context) {
  const [id] = context.parameters;
  const { body } = await get(`${PATH}/${id}`, { signal: context.signal });
  const { letter } = body;
  return {
    title: t('letter.number', { id: letter.id }),
    content: [
      h('p', { class: 'crumb' }, link(`#${PATH}`, t('nav.dead-letters'))),
      h(
        'div',
        { class: 'head' },
        h('div', {}, h('h1', { tabindex: -1 }, t('letter.number', { id: letter.id })), h('p', { class: 'under' }, badge('letter', letter.status), reasonOf(letter))),
        letter.status === 'OPEN' && choices(context, letter),
      ),
      panel(
        t('letter.about'),
        letter.cause && h('p', {}, letter.cause),
        letter.reason && h('p', { class: 'hint' }, t(`letter.${letter.reason}.help`)),
        facts([
          [t('campaign'), letter.campaignId ? link(`#/campaigns/${letter.campaignId}`, code(letter.campaignId)) : none()],
          [t('finding.member'), code(letter.memberId)],
          [t('finding.serial'), number(letter.serial)],
          [t('campaign.epoch'), number(letter.epoch)],
          [t('letter.origin'), code(`${letter.topic} · ${letter.partition} · ${letter.offset}`)],
          [t('letter.storedAt'), time(letter.storedAt)],
          letter.decidedAt && [t('letter.decision'), decision(letter)],
        ]),
      ),
      panel(
        t('letter.record'),
        h('p', { class: 'hint' }, t('letter.record.hint')),
        bytes(t('letter.key'), body.key),
        bytes(t('letter.value'), body.value, letter.valueBytes),
        body.headers.map((header) => bytes(header.name, header.value)),
      ),
    ],
  };
}

function reasonOf({ reason }) {
  return reason ? h('strong', {}, t(`letter.${reason}`)) : none();
}

function decision(letter) {
  return h('div', {}, letter.decidedBy ?? '', ' · ', time(letter.decidedAt), letter.discardReason && h('div', { class: 'sub' }, letter.discardReason));
}

function bytes(name, shown, all) {
  if (!shown) {
    return h('div', { class: 'bytes' }, h('h3', {}, name), none());
  }
  const isCut = all && all > shown.shownBytes;
  return h(
    'div',
    { class: 'bytes' },
    h('h3', {}, name, shown.encoding === 'BASE64' && h('span', { class: 'sub' }, ' Base64')),
    h('pre', { tabindex: 0 }, pretty(shown)),
    isCut && h('p', { class: 'hint' }, t('letter.cut', { shown: formatNumber(shown.shownBytes), all: formatNumber(all) })),
  );
}

function pretty({ encoding, content }) {
  try {
    return encoding === 'TEXT' ? JSON.stringify(JSON.parse(content), null, 2) : content;
  } catch {
    return content;
  }
}

function choices(context, letter) {
  return h('div', { class: 'actions' }, button(t('letter.replay'), () => replay(context, letter), 'quiet'), button(t('letter.discard'), () => discard(context, letter), 'quiet'));
}

async function replay(context, letter) {
  const isLate = letter.reason === 'LATE';
  const answer = await ask({
    title: t('letter.replay.title', { id: letter.id }),
    content: [
      letter.cause && h('p', { class: 'quote' }, letter.cause),
      h('ul', { class: 'consequences' }, [t(isLate ? 'letter.replay.late' : 'letter.replay.what'), t('letter.replay.again'), letter.reason && t(`letter.${letter.reason}.help`)].filter(Boolean).map((text) => h('li', {}, text))),
    ].filter(Boolean),
    confirm: t('letter.replay'),
    danger: isLate,
    run: () => post(`${PATH}/${letter.id}/replay`),
  });
  if (answer !== null) {
    await context.reload();
    notice(t(answer.status === 202 ? 'letter.replay.begun' : 'letter.replay.done', { id: letter.id }), 'good');
  }
}

async function discard(context, letter) {
  const answer = await ask({
    title: t('letter.discard.title', { id: letter.id }),
    content: [
      letter.cause && h('p', { class: 'quote' }, letter.cause),
      h('ul', { class: 'consequences' }, [t('letter.discard.what'), t('letter.discard.back')].map((text) => h('li', {}, text))),
      field(t('reason'), input('reason', { required: true, maxlength: 200, autofocus: true }), t('reason.hint')),
    ].filter(Boolean),
    confirm: t('letter.discard'),
    danger: true,
    run: (data) => post(`${PATH}/${letter.id}/discard`, { reason: data.get('reason') }),
  });
  if (answer !== null) {
    await context.reload();
    notice(t('letter.discard.done', { id: letter.id }), 'good');
  }
}
