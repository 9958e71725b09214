// Comparisons of Redis with the ledger: all of them, and one with what it has found.

import { call, get, post } from './api.js';
import { ask, notice } from './dialogs.js';
import { badge, button, code, empty, facts, field, h, input, link, none, number, panel, table, time } from './dom.js';
import { filter, filterText, page, pager } from './paging.js';
import { t, tOr } from './words.js';

const PATH = '/reconciliations';
const STATUSES = ['QUEUED', 'RUNNING', 'COMPLETED', 'CANCELLED', 'FAILED'];
const KINDS = ['MISSING_IN_LEDGER', 'MISSING_IN_REDIS', 'CONFLICT', 'STOCK_DRIFT', 'OVERSOLD', 'ORPHAN_OUTBOX'];
const DISPOSITIONS = ['REPORTED', 'REPAIRED', 'REBUILDING', 'QUARANTINED', 'VANISHED'];
const LOOK_AGAIN_MILLIS = 1000;

export async function reconciliations(context) {
  const { items, next } = await page(context, PATH, 'before', ['campaign', 'status']);
  lookAgain(context, items.some(isUnderWay));
  return {
    title: t('nav.reconciliations'),
    content: [
      h(
        'div',
        { class: 'head' },
        h('h1', { tabindex: -1 }, t('nav.reconciliations')),
        h('div', { class: 'actions' }, button(t('reconcile.start'), () => askForRun(context.query.get('campaign')), 'primary')),
      ),
      h(
        'div',
        { class: 'filters' },
        filterText(context, 'before', 'campaign', t('campaign')),
        filter(context, 'before', 'status', t('run.status'), STATUSES.map((status) => [status, t(`run.${status}`)])),
      ),
      items.length === 0
        ? empty(t('runs.none'), t('runs.none.text'))
        : table(
            t('nav.reconciliations'),
            [
              { title: t('run'), cell: (row) => link(`#${PATH}/${row.id}`, t('run.number', { id: row.id })) },
              { title: t('campaign'), wide: true, cell: (row) => link(`#/campaigns/${row.campaignId}`, code(row.campaignId)) },
              { title: t('run.mode'), cell: (row) => t(`mode.${row.mode}`) },
              { title: t('run.status'), cell: (row) => badge('run', row.status) },
              { title: t('run.findings'), numeric: true, cell: (row) => number(row.findings) },
              { title: t('run.repaired'), numeric: true, cell: (row) => number(row.repaired) },
              { title: t('run.quarantined'), numeric: true, cell: (row) => number(row.quarantined) },
              { title: t('run.requestedAt'), cell: (row) => time(row.requestedAt) },
              { title: t('run.requestedBy'), cell: (row) => row.requestedBy },
            ],
            items,
          ),
      pager(context, 'before', next),
    ].filter(Boolean),
  };
}

export async function reconciliation(context) {
  const [id] = context.parameters;
  const { body: run } = await get(`${PATH}/${id}`, { signal: context.signal });
  const { items, next } = await page(context, `${PATH}/${id}/findings`, 'after', ['kind', 'disposition']);
  const isOver = !isUnderWay(run);
  lookAgain(context, !isOver);
  const mendable = isOver && run.mode === 'DETECT' && run.findings > run.quarantined;
  return {
    title: t('run.number', { id: run.id }),
    content: [
      h('p', { class: 'crumb' }, link(`#${PATH}`, t('nav.reconciliations'))),
      h(
        'div',
        { class: 'head' },
        h(
          'div',
          {},
          h('h1', { tabindex: -1 }, t('run.number', { id: run.id })),
          h('p', { class: 'under' }, link(`#/campaigns/${run.campaignId}`, code(run.campaignId)), badge('run', run.status), h('span', { class: 'sub' }, t(`mode.${run.mode}`))),
        ),
        h(
          'div',
          { class: 'actions' },
          mendable && button(t('run.repair'), () => askForRun(run.campaignId, 'REPAIR'), 'primary'),
          isOver && button(t('run.again'), () => askForRun(run.campaignId), 'quiet'),
          !isOver && !run.cancelRequested && button(t('run.cancel'), () => cancel(context, run), 'quiet'),
          isOver && run.findings > 0 && button(t('run.report'), () => download(run), 'quiet'),
        ),
      ),
      run.reason && h('p', { class: 'problem' }, run.reason),
      run.cancelRequested && !isOver && h('p', { class: 'hint' }, t('run.cancelling')),
      panel(
        t('run.course'),
        facts([
          [t('run.phase'), t(`phase.${run.phase}`)],
          [t('run.winners'), number(run.winners)],
          [t('run.rows'), number(run.rows)],
          [t('run.examined'), number(run.examined)],
          [t('run.findings'), number(run.findings)],
          [t('run.repaired'), number(run.repaired)],
          [t('run.quarantined'), number(run.quarantined)],
          [t('run.requestedBy'), run.requestedBy],
          [t('run.requestedAt'), time(run.requestedAt)],
          [t('run.startedAt'), time(run.startedAt)],
          [t('run.finishedAt'), time(run.finishedAt)],
        ]),
      ),
      panel(t('run.findings'), ...findings(context, run, isOver, items), pager(context, 'after', next)),
    ].filter(Boolean),
  };
}

/** Asks for a comparison of the two sides; where it is done is where it is shown. */
export async function askForRun(campaignId, mode = 'DETECT') {
  const isKnown = campaignId !== null;
  const choices = ['DETECT', 'REPAIR'].map((value) =>
    h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'mode', value, checked: value === mode }), h('span', {}, h('strong', {}, t(`mode.${value}`)), h('span', { class: 'hint' }, t(`mode.${value}.what`)))),
  );
  const run = await ask({
    title: isKnown ? t('reconcile.title', { id: campaignId }) : t('reconcile.start'),
    content: [
      !isKnown && field(t('campaign'), input('campaignId', { required: true, maxlength: 64, pattern: '[a-z0-9][a-z0-9\\-]*', autofocus: true, spellcheck: 'false' })),
      h('fieldset', {}, h('legend', {}, t('reconcile.mode')), choices),
      h('p', { class: 'hint' }, t('reconcile.beside')),
    ].filter(Boolean),
    confirm: t('reconcile.confirm'),
    run: async (data) => (await post(PATH, { campaignId: campaignId ?? data.get('campaignId'), mode: data.get('mode') })).body,
  });
  if (run !== null) {
    location.hash = `#${PATH}/${run.id}`;
  }
}

function findings(context, run, isOver, items) {
  const isFiltered = context.query.get('kind') || context.query.get('disposition');
  return [
    run.truncated && h('p', { class: 'hint' }, t('run.truncated')),
    run.quarantined > 0 && h('p', { class: 'hint' }, t('run.quarantined.text')),
    (items.length > 0 || isFiltered) &&
      h(
        'div',
        { class: 'filters' },
        filter(context, 'after', 'kind', t('finding.kind'), KINDS.map((kind) => [kind, t(`kind.${kind}`)])),
        filter(context, 'after', 'disposition', t('finding.disposition'), DISPOSITIONS.map((one) => [one, t(`disposition.${one}`)])),
      ),
    items.length === 0
      ? empty(t(isOver && run.status === 'COMPLETED' && !isFiltered ? 'findings.none' : 'findings.none.yet'), isFiltered ? t('filtered') : null)
      : table(
          t('run.findings'),
          [
            { title: '#', numeric: true, cell: (row) => number(row.number) },
            {
              title: t('finding.kind'),
              wide: true,
              cell: (row) => [h('strong', {}, t(`kind.${row.kind}`)), row.detail && [' ', code(row.detail)], h('div', { class: 'sub' }, row.note ?? t(`kind.${row.kind}.what`))],
            },
            { title: t('finding.serial'), numeric: true, cell: (row) => number(row.serial) },
            { title: t('finding.member'), cell: (row) => code(row.memberId) },
            { title: 'Redis', cell: (row) => side(row.redis, row.found) },
            { title: t('finding.ledger'), cell: (row) => side(row.ledger, row.expected) },
            { title: t('finding.disposition'), cell: (row) => badge('disposition', row.disposition) },
          ],
          items,
        ),
  ].filter(Boolean);
}

/** What one of the sides has: of a coupon, or of a number. */
function side(trace, count) {
  if (trace) {
    return h('div', { class: 'side' }, h('div', {}, `${t('finding.serial')} ${trace.serial} · ${trace.memberId}`), h('div', { class: 'sub' }, `…${trace.codeEnding} · ${tOr(`issuance.${trace.status}`, trace.status)} · `, time(trace.issuedAt)));
  }
  return count === null || count === undefined ? none() : number(count);
}

function isUnderWay(run) {
  return run.status === 'QUEUED' || run.status === 'RUNNING';
}

function lookAgain({ signal, reload }, isNeeded) {
  if (isNeeded) {
    // not while something is being entered
    const timer = setInterval(() => document.activeElement.matches('main input, main select') || reload(), LOOK_AGAIN_MILLIS);
    signal.addEventListener('abort', () => clearInterval(timer));
  }
}

async function cancel(context, run) {
  const done = await ask({
    title: t('run.cancel.title', { id: run.id }),
    content: [h('p', {}, t('run.cancel.what'))],
    confirm: t('run.cancel'),
    run: () => post(`${PATH}/${run.id}/cancel`),
  });
  if (done !== null) {
    notice(t('run.cancelling'), 'good');
    context.reload();
  }
}

/** By a call like all others, since a link would carry no token. */
async function download(run) {
  const { body } = await call('GET', `${PATH}/${run.id}/report.csv`, { raw: true });
  const address = URL.createObjectURL(body);
  h('a', { href: address, download: `reconciliation-${run.id}.csv` }).click();
  URL.revokeObjectURL(address);
}
