// One campaign: how it is going, its plan, what can be done with it, and what was done.

import { call, get, newKey, post, withQuery } from './api.js';
import { now } from './clock.js';
import { ask, notice } from './dialogs.js';
import { button, campaignBadge, code, empty, facts, field, h, input, link, panel } from './dom.js';
import { Problem } from './problem.js';
import { formatDistance, formatInstant, formatNumber, t } from './words.js';
import { auditTable } from './audit.js';
import { live } from './live.js';
import { patchOf, planFacts, planFields } from './plan.js';
import { askForRun } from './reconciliations.js';

/** What can be done with a campaign in each of its states, the most usual first. */
const STEPS = {
  DRAFT: ['open', 'edit'],
  PUBLISHED: ['pause', 'adjust', 'edit', 'close'],
  PAUSED: ['resume', 'adjust', 'edit', 'close'],
  CLOSED: ['archive', 'edit'],
  ARCHIVED: [],
};

const DANGEROUS = ['close', 'archive'];

export async function campaign(context) {
  const [id] = context.parameters;
  const { signal } = context;
  const [read, trail] = await Promise.all([
    get(`/campaigns/${id}`, { signal }),
    get(withQuery('/audit-log', { subject: id, limit: 10 }), { signal }),
  ]);
  const shown = { ...read.body, etag: read.etag };
  const view = { ...context, campaign: shown };
  const isDraft = shown.state === 'DRAFT';
  return {
    title: shown.name,
    content: [
      h('p', { class: 'crumb' }, link('#/campaigns', t('nav.campaigns'))),
      h(
        'div',
        { class: 'head' },
        h('div', {}, h('h1', { tabindex: -1 }, shown.name), h('p', { class: 'under' }, code(shown.id), campaignBadge(shown), h('span', { class: 'sub' }, windowText(shown)))),
        h(
          'div',
          { class: 'actions' },
          STEPS[shown.state].map((step, at) => button(t(`step.${step}`), () => doStep(view, step), at === 0 ? 'primary' : 'quiet')),
        ),
      ),
      isDraft ? empty(t('campaign.draft'), t('campaign.draft.text')) : live(view),
      h(
        'div',
        { class: 'columns' },
        panel(t('campaign.plan'), planFacts(shown), shown.eligibility === 'ALLOW_LIST' && isEditable(shown) && allowList(view)),
        panel(
          t('campaign.elsewhere'),
          h(
            'ul',
            { class: 'links' },
            !isDraft && h('li', {}, button(t('reconcile.start'), () => askForRun(shown.id), 'quiet')),
            h('li', {}, link(`#/reconciliations?campaign=${id}`, t('campaign.runs'))),
            h('li', {}, link(`#/dead-letters?campaign=${id}&status=OPEN`, t('campaign.letters'))),
            h('li', {}, link(`#/audit-log?subject=${id}`, t('campaign.trail'))),
          ),
        ),
      ),
      panel(t('nav.audit-log'), auditTable(trail.body.items, false), trail.body.next !== null && h('p', { class: 'more' }, link(`#/audit-log?subject=${id}`, t('campaign.trail.all')))),
    ],
  };
}

function isEditable({ state }) {
  return state !== 'CLOSED' && state !== 'ARCHIVED';
}

/** When the window opens or closes, as far as that is still to come. */
function windowText({ state, opensAt, closesAt }) {
  if (state === 'CLOSED' || state === 'ARCHIVED') {
    return '';
  }
  const toOpening = Date.parse(opensAt) - now();
  if (toOpening > 0) {
    return t('campaign.opens', { distance: formatDistance(toOpening) });
  }
  return closesAt === null ? '' : t(Date.parse(closesAt) > now() ? 'campaign.closes' : 'campaign.has-closed', { distance: formatDistance(Date.parse(closesAt) - now()) });
}

async function doStep(view, step) {
  const done = await ({ edit, adjust }[step] ?? walk)(view, step);
  if (done !== null) {
    await view.reload();
    notice(done, 'good');
  }
}

/** A step in the life of the campaign, from the version that the operator has seen. */
function walk(view, step) {
  const { campaign: shown } = view;
  return ask({
    title: t(`step.${step}.title`, { name: shown.name }),
    content: [h('ul', { class: 'consequences' }, consequences(shown, step).map((text) => h('li', {}, text)))],
    confirm: t(`step.${step}`),
    danger: DANGEROUS.includes(step),
    run: async () => {
      await post(`/campaigns/${shown.id}/${step}`, undefined, { headers: { 'If-Match': shown.etag } });
      return t(`step.${step}.done`, { name: shown.name });
    },
    explain: (problem) => explain(view, problem),
  });
}

function consequences(shown, step) {
  const values = { quantity: formatNumber(shown.quantity), opensAt: formatInstant(shown.opensAt), distance: formatDistance(Date.parse(shown.opensAt) - now()) };
  if (step === 'open') {
    const isLater = Date.parse(shown.opensAt) > now();
    return [
      t(isLater ? 'step.open.later' : 'step.open.now', values),
      t(shown.eligibility === 'EVERYONE' ? 'step.open.everyone' : 'step.open.listed', values),
      t('step.open.fixed'),
    ];
  }
  return [t(`step.${step}.what`, values), t(`step.${step}.winners`, values), t(`step.${step}.back`, values)];
}

/** What was changed by somebody else meanwhile is read again, so that the next decision is about what is there. */
function explain(view, problem) {
  if (problem.status !== 412) {
    return {};
  }
  view.reload();
  return { over: true, nodes: [h('p', {}, t('conflict.reloaded'))] };
}

function edit(view) {
  const { campaign: shown } = view;
  return ask({
    title: t('step.edit.title', { name: shown.name }),
    content: [planFields(shown), shown.state === 'PUBLISHED' && h('p', { class: 'hint' }, t('step.edit.live'))].filter(Boolean),
    confirm: t('step.edit.confirm'),
    run: async (data) => {
      await call('PATCH', `/campaigns/${shown.id}`, { body: patchOf(shown, data), type: 'application/merge-patch+json', headers: { 'If-Match': shown.etag } });
      return t('step.edit.done', { name: shown.name });
    },
    explain: (problem) => explain(view, problem),
  });
}

/**
 * More coupons, or fewer. The key stays while the outcome is not known, so that asking again adjusts nothing twice; after
 * a refusal, which has adjusted nothing, another one is made, unless the operator has chosen his own.
 */
function adjust(view) {
  const { campaign: shown } = view;
  const delta = input('delta', { type: 'number', required: true, step: 1, autofocus: true });
  const key = input('key', { required: true, maxlength: 128, pattern: '[!-~]+', value: newKey(), spellcheck: 'false', class: 'mono' });
  const preview = h('p', { class: 'preview', 'aria-live': 'polite' }, t('step.adjust.now', { quantity: formatNumber(shown.quantity) }));
  delta.addEventListener('input', () => {
    const by = Number(delta.value);
    preview.textContent =
      delta.value === '' || by === 0
        ? t('step.adjust.now', { quantity: formatNumber(shown.quantity) })
        : t(by > 0 ? 'step.adjust.more' : 'step.adjust.fewer', { from: formatNumber(shown.quantity), to: formatNumber(shown.quantity + by) });
  });
  let isOwnKey = false;
  key.addEventListener('input', () => {
    isOwnKey = true;
  });
  return ask({
    title: t('step.adjust.title', { name: shown.name }),
    content: [
      field(t('step.adjust.delta'), delta, t('step.adjust.delta.hint')),
      preview,
      field(t('reason'), input('reason', { required: true, maxlength: 200 }), t('reason.hint')),
      h('details', {}, h('summary', {}, t('step.adjust.key')), field(t('step.adjust.key.label'), key, t('step.adjust.key.hint'))),
    ],
    confirm: t('step.adjust'),
    run: async (data) => {
      const { body } = await post(
        `/campaigns/${shown.id}/stock-adjustments`,
        { delta: Number(data.get('delta')), reason: data.get('reason') },
        { headers: { 'Idempotency-Key': data.get('key') } },
      );
      return t('step.adjust.done', { quantity: formatNumber(body.quantity) });
    },
    explain: (problem) => {
      if (problem.status >= 400 && problem.status < 500 && problem.code !== 'idempotency-key-in-flight' && !isOwnKey) {
        key.value = newKey();
      }
      return problem.status === 0 || problem.status >= 500 ? { nodes: [h('p', {}, t('step.adjust.unknown'))] } : {};
    },
  });
}

/** Replaces the allow-list by a file; what comes of it is in the last line of the answer. */
function allowList(view) {
  const { campaign: shown, reload } = view;
  const file = h('input', { type: 'file', name: 'file', accept: '.csv,text/csv,text/plain', required: true });
  return h(
    'form',
    {
      class: 'upload',
      onsubmit: async (event) => {
        event.preventDefault();
        const chosen = file.files[0];
        const replaced = await ask({
          title: t('list.title', { name: shown.name }),
          content: [h('p', {}, t('list.what', { file: chosen.name })), facts([[t('list.size'), t('bytes', { bytes: formatNumber(chosen.size) })]])],
          confirm: t('list.replace'),
          run: async () => {
            const { body } = await call('PUT', `/campaigns/${shown.id}/eligible-members`, { body: chosen, type: 'text/csv', raw: true });
            const lines = (await body.text()).trim().split('\n');
            const last = JSON.parse(lines[lines.length - 1]);
            if (last.status !== 'REPLACED') {
              throw new Problem(last);
            }
            return last;
          },
        });
        if (replaced !== null) {
          await reload();
          notice(t('list.done', { members: formatNumber(replaced.members), duplicates: formatNumber(replaced.duplicates) }), 'good');
        }
      },
    },
    field(t('list.file'), file, t('list.hint')),
    h('div', { class: 'actions' }, h('button', { type: 'submit', class: 'quiet' }, t('list.replace'))),
  );
}
