// Plots, by Chart.js. Whoever does not see them hears what they show at present, and finds the figures in the tiles.

import { h } from './dom.js';
import { formatClock, formatNumber } from './words.js';

const { Chart } = globalThis;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function axis(more) {
  return { grid: { color: colour('line') }, border: { display: false }, ticks: { color: colour('muted'), maxTicksLimit: 6, ...more?.ticks }, beginAtZero: true, ...more?.axis };
}

const COMMON = { animation: false, responsive: true, maintainAspectRatio: false, normalized: true, locale: document.documentElement.lang };

function framed(label) {
  const canvas = h('canvas', { role: 'img', 'aria-label': label });
  return { canvas, node: h('div', { class: 'plot' }, canvas) };
}

/** With point styles Chart.js asks the point for its dashes, which has none. */
function dashedAsLines(chart) {
  return Chart.defaults.plugins.legend.labels.generateLabels(chart).map((item) => ({ ...item, lineWidth: 2, lineDash: chart.data.datasets[item.datasetIndex].borderDash }));
}

/** Lines over time. */
export function lineChart(label, names) {
  const { canvas, node } = framed(label);
  const chart = new Chart(canvas, {
    type: 'line',
    data: { labels: [], datasets: names.map((name) => ({ label: name, data: [], borderWidth: 2, pointRadius: (point) => (point.chart.data.labels.length > 1 ? 0 : 3), pointHitRadius: 8, tension: 0 })) },
    options: { ...COMMON, interaction: { mode: 'index', intersect: false } },
  });
  const style = () => {
    chart.data.datasets.forEach((line, at) => {
      line.borderColor = colour(at === 0 ? 'accent' : 'second');
      line.backgroundColor = line.borderColor;
      line.borderDash = at === 0 ? [] : [5, 4];
    });
    Object.assign(chart.options, {
      scales: {
        // by the time itself, since nothing is asked while nobody looks
        x: axis({ axis: { type: 'linear', bounds: 'data', beginAtZero: false }, ticks: { maxTicksLimit: 5, maxRotation: 0, callback: (value) => formatClock(value) } }),
        y: axis({ ticks: { precision: 0 } }),
      },
      plugins: {
        legend: { position: 'bottom', align: 'start', labels: { color: colour('muted'), usePointStyle: true, pointStyle: 'line', pointStyleWidth: 22, generateLabels: dashedAsLines } },
        tooltip: { callbacks: { title: ([point]) => formatClock(chart.data.labels[point.dataIndex]) } },
      },
    });
  };
  style();
  return {
    node,
    style,
    chart,
    show(times, values, now) {
      chart.data.labels = times;
      values.forEach((line, at) => {
        chart.data.datasets[at].data = line;
      });
      canvas.setAttribute('aria-label', `${label}: ${now}`);
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
}

/** One bar for each row, whose length is logarithmic: refusals are a thousand times more than coupons. */
export function barChart(label) {
  const { canvas, node } = framed(label);
  let kinds = [];
  const chart = new Chart(canvas, {
    type: 'bar',
    data: { labels: [], datasets: [{ data: [], borderRadius: 3, maxBarThickness: 18, minBarLength: 2 }] },
    options: { ...COMMON, indexAxis: 'y' },
  });
  const style = () => {
    chart.data.datasets[0].backgroundColor = kinds.map((kind) => colour(kind));
    Object.assign(chart.options, {
      scales: {
        x: axis({ axis: { type: 'logarithmic', min: 0.8, beginAtZero: false }, ticks: { callback: (value) => (Number.isInteger(Math.log10(value)) ? formatNumber(value) : null) } }),
        y: { ...axis(), grid: { display: false }, ticks: { color: colour('text'), autoSkip: false } },
      },
      plugins: { legend: { display: false } },
    });
  };
  style();
  return {
    node,
    style,
    chart,
    show(rows) {
      kinds = rows.map(([, , kind]) => kind);
      chart.data.labels = rows.map(([name, count]) => `${name} · ${formatNumber(count)}`);
      chart.data.datasets[0].data = rows.map(([, count]) => count);
      style();
      canvas.setAttribute('aria-label', `${label}: ${rows.map(([name, count]) => `${name} ${formatNumber(count)}`).join(', ')}`);
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
}

/** After the colours have changed. */
export function restyle(charts) {
  charts.forEach(({ chart, style }) => {
    style();
    chart.update('none');
  });
}
