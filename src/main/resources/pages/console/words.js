// The languages of the console, and how numbers and times are written in them.

import english from './words.en.js';
import korean from './words.ko.js';

const ALL = { en: english, ko: korean };
const CHOICE = 'coupon.console.language';
const ZONE = 'coupon.console.zone';

/** The language that was chosen, else the first of the browser's that there is. */
export const language =
  [localStorage.getItem(CHOICE), ...navigator.languages]
    .map((tag) => (tag ?? '').slice(0, 2).toLowerCase())
    .find((tag) => tag in ALL) ?? 'en';

const words = ALL[language];

/** The zone of the browser, in which times are entered. */
export const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone that times are shown in. */
export const zone = localStorage.getItem(ZONE) === 'UTC' ? 'UTC' : localZone;

export function chooseLanguage(tag) {
  localStorage.setItem(CHOICE, tag);
}

export function chooseZone(name) {
  localStorage.setItem(ZONE, name);
}

/** A text, with what stands in its braces. */
export function t(key, values) {
  const text = words[key];
  if (text === undefined) {
    throw new Error(`There is no text for ${key}`);
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values?.[name] ?? whole));
}

/** A text, or something else where there is none: for values that the service may know more of than this page. */
export function tOr(key, otherwise) {
  return key in words ? t(key) : otherwise;
}

const numbers = new Intl.NumberFormat(language);
const rates = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const instants = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone });
const clockTimes = new Intl.DateTimeFormat(language, { timeStyle: 'medium', timeZone: zone });
const spans = new Intl.RelativeTimeFormat(language, { numeric: 'always' });

export function formatNumber(value) {
  return numbers.format(value);
}

export function formatRate(value) {
  return rates.format(value);
}

export function formatInstant(instant) {
  return instants.format(new Date(instant));
}

export function formatClock(millis) {
  return clockTimes.format(new Date(millis));
}

export function formatUtc(instant) {
  return `${new Date(instant).toISOString().replace('T', ' ').replace(/\.000Z$/, '').replace('Z', '')} UTC`;
}

/** How far away something is, such as "in 3 hours". */
export function formatDistance(millis) {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ];
  const [unit, size] = units.find(([, length]) => Math.abs(millis) >= length) ?? units[3];
  return spans.format(Math.round(millis / size), unit);
}
