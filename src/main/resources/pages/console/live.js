// A campaign, live: asked about once a second while somebody looks.

import { get } from './api.js';
import { barChart, lineChart, restyle } from './charts.js';
import { h, link, number, panel, problemBox, time } from './dom.js';
import { Problem } from './problem.js';
import { formatNumber, formatRate, t } from './words.js';

const EVERY_MILLIS = 1000;
const AFTER_FAILURE_MILLIS = 5000;

/** A quarter of an hour of what was seen, of one campaign. */
const SAMPLES = 900;

const TOLD = ['issued', 'alreadyIssued', 'pending'];

let seen = { id: null, samples: [] };

/** Tiles, plots and a line that says how old they are. They go on until the view is left. */
export function live({ campaign, signal }) {
  if (seen.id !== campaign.id) {
    seen = { id: campaign.id, samples: [] };
  }
  const { samples } = seen;
  const issued = tile('live.issued');
  const remaining = tile('live.remaining');
  const answered = tile('live.answered');
  const refused = tile('live.refused');
  const outbox = tile('live.outbox');
  const lag = tile('live.lag');
  const letters = tile('live.letters');
  const unaccounted = tile('live.unaccounted');
  const progress = h('progress', { max: 1, value: 0, 'aria-label': t('live.issued') });
  const state = h('p', { class: 'stand' });
  const trouble = h('div', {});

  const curve = lineChart(t('live.curve'), [t('live.issued'), t('live.recorded')]);
  const way = lineChart(t('live.way'), [t('live.outbox'), t('live.unconsumed')]);
  const answers = barChart(t('live.answers'));

  function show(stats) {
    issued.show([number(stats.issued), h('small', {}, ` / ${formatNumber(stats.quantity + stats.returned)}`), progress]);
    progress.max = Math.max(1, stats.quantity + stats.returned);
    progress.value = stats.issued;
    remaining.show(number(stats.remaining));
    answered.show(formatRate(stats.perSecond.answered), t('live.of-which', { issued: formatRate(stats.perSecond.issued) }));
    refused.show(formatRate(stats.perSecond.refused), t('live.in-all', { count: formatNumber(sum(Object.values(stats.refused))) }));
    outbox.show(number(stats.lag.unpublished), stats.lag.oldestUnpublishedSeconds === null ? '' : t('live.oldest', { seconds: formatRate(stats.lag.oldestUnpublishedSeconds) }), stats.lag.oldestUnpublishedSeconds > 10 && 'warn');
    lag.show(number(stats.lag.unrecorded), t('live.recorded-of', { recorded: formatNumber(stats.recorded) }));
    letters.show(
      stats.deadLetters > 0 ? link(`#/dead-letters?campaign=${campaign.id}&status=OPEN`, formatNumber(stats.deadLetters)) : number(0),
      '',
      stats.deadLetters > 0 && 'bad',
    );
    unaccounted.show(number(stats.lag.unaccounted), stats.voided > 0 ? t('live.voided', { voided: formatNumber(stats.voided) }) : '', stats.lag.unaccounted > 0 && 'bad');
    state.replaceChildren(t('live.at'), ' ', time(stats.readAt));
    trouble.replaceChildren();
  }

  function plot(stats) {
    const times = samples.map((sample) => sample.at);
    curve.show(times, [samples.map((sample) => sample.issued), samples.map((sample) => sample.recorded)], t('live.curve.now', { issued: formatNumber(stats.issued), recorded: formatNumber(stats.recorded) }));
    way.show(times, [samples.map((sample) => sample.unpublished), samples.map((sample) => sample.unconsumed)], t('live.way.now', { outbox: formatNumber(stats.lag.unpublished), unconsumed: formatNumber(stats.lag.unconsumed ?? 0) }));
    const rows = [
      ...TOLD.map((name) => [t(`answer.${name}`), stats.told[name], 'good']),
      ...Object.entries(stats.refused).map(([name, count]) => [t(`answer.${name}`), count, ['recovering', 'overloaded', 'unavailable'].includes(name) ? 'bad' : 'muted']),
    ].filter(([, count], at) => count > 0 || at === 0);
    answers.show(rows);
  }

  async function look() {
    const { body } = await get(`/campaigns/${campaign.id}/stats`, { signal });
    samples.push({ at: Date.parse(body.readAt), issued: body.issued, recorded: body.recorded, unpublished: body.lag.unpublished, unconsumed: body.lag.unconsumed });
    samples.splice(0, samples.length - SAMPLES);
    show(body);
    plot(body);
  }

  async function goOn() {
    while (!signal.aborted) {
      let pause = EVERY_MILLIS;
      try {
        if (!document.hidden) {
          await look();
        }
      } catch (problem) {
        if (signal.aborted || !(problem instanceof Problem)) {
          break;
        }
        trouble.replaceChildren(problemBox(problem, h('p', {}, t('live.stale'))));
        pause = Math.max(AFTER_FAILURE_MILLIS, problem.retryAfter * 1000);
        if (problem.status === 401 || problem.status === 403) {
          break; // the operator was asked, and does not want to
        }
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    [curve, way, answers].forEach((chart) => chart.destroy());
  }

  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', () => restyle([curve, way, answers]), { signal });
  goOn();
  return h(
    'div',
    { class: 'live' },
    trouble,
    h('div', { class: 'tiles' }, [issued, remaining, answered, refused, outbox, lag, letters, unaccounted].map(({ node }) => node)),
    h('div', { class: 'plots' }, panel(t('live.curve'), curve.node), panel(t('live.answers'), answers.node, h('p', { class: 'hint' }, t('live.answers.age'))), panel(t('live.way'), way.node)),
    state,
  );
}

function tile(key) {
  const value = h('dd', { class: 'value' }, '–');
  const more = h('dd', { class: 'sub' });
  const node = h('dl', { class: 'tile', 'data-tile': key }, h('dt', {}, t(key)), value, more);
  return {
    node,
    show(shown, below, mood) {
      value.replaceChildren(...[shown].flat());
      more.textContent = below ?? '';
      node.classList.toggle('warn', mood === 'warn');
      node.classList.toggle('bad', mood === 'bad');
    },
  };
}

function sum(counts) {
  return counts.reduce((all, count) => all + count, 0);
}
