// All campaigns, and a new one.

import { post } from './api.js';
import { notice } from './dialogs.js';
import { button, campaignBadge, code, empty, h, link, number, problemBox, table, time } from './dom.js';
import { filter, page, pager } from './paging.js';
import { Problem } from './problem.js';
import { t } from './words.js';
import { planFields, planOf } from './plan.js';

const STATES = ['DRAFT', 'PUBLISHED', 'PAUSED', 'CLOSED', 'ARCHIVED'];

export async function campaigns(context) {
  const { items, next } = await page(context, '/campaigns', 'after', ['state']);
  const isFiltered = context.query.size > 0;
  return {
    title: t('nav.campaigns'),
    content: [
      h(
        'div',
        { class: 'head' },
        h('h1', { tabindex: -1 }, t('nav.campaigns')),
        h('div', { class: 'actions' }, h('a', { class: 'button primary', href: '#/new-campaign' }, t('campaigns.new'))),
      ),
      h('div', { class: 'filters' }, filter(context, 'after', 'state', t('campaigns.state'), STATES.map((state) => [state, t(`state.${state}`)]))),
      items.length === 0
        ? isFiltered
          ? empty(t('campaigns.none'), t('filtered'), link('#/campaigns', t('filtered.all')))
          : empty(t('campaigns.none'), t('campaigns.none.text'), h('a', { class: 'button primary', href: '#/new-campaign' }, t('campaigns.new')))
        : table(
            t('nav.campaigns'),
            [
              { title: t('campaign'), wide: true, cell: (row) => [link(`#/campaigns/${row.id}`, row.name), h('div', { class: 'sub' }, code(row.id))] },
              { title: t('campaigns.state'), cell: campaignBadge },
              { title: t('campaign.quantity'), numeric: true, cell: (row) => number(row.quantity) },
              { title: t('campaign.opensAt'), cell: (row) => time(row.opensAt) },
              { title: t('campaign.closesAt'), cell: (row) => (row.closesAt ? time(row.closesAt) : h('span', { class: 'none' }, t('campaign.open-end'))) },
              { title: t('campaign.eligibility'), cell: (row) => t(`eligibility.${row.eligibility}`) },
            ],
            items,
          ),
      pager(context, 'after', next),
    ].filter(Boolean),
  };
}

export async function newCampaign() {
  const outcome = h('div', { class: 'outcome' });
  const go = h('button', { type: 'submit', class: 'primary' }, t('campaigns.create'));
  const form = h(
    'form',
    {
      class: 'panel form',
      onsubmit: async (event) => {
        event.preventDefault();
        go.disabled = true;
        try {
          const data = new FormData(form);
          const { body } = await post('/campaigns', { id: data.get('id'), ...planOf(data) });
          location.hash = `#/campaigns/${body.id}`;
          // the view that comes clears what was noticed before
          window.addEventListener('hashchange', () => notice(t('campaigns.created', { name: body.name })), { once: true });
        } catch (problem) {
          if (!(problem instanceof Problem)) {
            throw problem;
          }
          outcome.replaceChildren(problemBox(problem));
          outcome.scrollIntoView({ block: 'nearest' });
        } finally {
          go.disabled = false;
        }
      },
    },
    planFields(null),
    h('p', { class: 'hint' }, t('campaigns.create.hint')),
    outcome,
    h('div', { class: 'actions' }, button(t('cancel'), () => history.back()), go),
  );
  return {
    title: t('campaigns.new'),
    content: [h('p', { class: 'crumb' }, link('#/campaigns', t('nav.campaigns'))), h('h1', { tabindex: -1 }, t('campaigns.new')), form],
  };
}
