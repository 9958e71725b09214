// The plan of a campaign: its fields, what was entered in them, and how it is shown.

import { code, facts, field, h, input, number, select, time } from './dom.js';
import { formatUtc, localZone, t } from './words.js';

/** The fields of a plan that may still be changed; all of them for a campaign that is not there yet. */
export function planFields(campaign) {
  const isNew = campaign === null;
  const state = campaign?.state ?? 'DRAFT';
  const isDraft = state === 'DRAFT';
  const hasWindow = state !== 'CLOSED';
  return h(
    'div',
    { class: 'fields' },
    isNew && field(t('campaign.id'), input('id', { required: true, maxlength: 64, pattern: '[a-z0-9][a-z0-9\\-]*', spellcheck: 'false' }), t('campaign.id.hint')),
    field(t('campaign.name'), input('name', { required: true, maxlength: 200, value: campaign?.name })),
    isDraft && field(t('campaign.quantity'), input('quantity', { type: 'number', required: true, min: 1, max: 1_000_000_000, step: 1, value: campaign?.quantity })),
    isDraft &&
      field(
        t('campaign.eligibility'),
        select(
          'eligibility',
          ['EVERYONE', 'ALLOW_LIST'].map((value) => [value, t(`eligibility.${value}`)]),
          campaign?.eligibility ?? 'EVERYONE',
        ),
        t('campaign.eligibility.hint'),
      ),
    hasWindow && instantField('opensAt', campaign?.opensAt, t(isNew ? 'campaign.opensAt.hint' : 'campaign.opensAt.edit'), !isNew),
    hasWindow && instantField('closesAt', campaign?.closesAt, t('campaign.closesAt.hint')),
    field(t('coupon.title'), input('title', { required: true, maxlength: 200, value: campaign?.coupon.title })),
    field(t('coupon.discount'), input('discount', { required: true, maxlength: 200, value: campaign?.coupon.discount })),
    instantField('validUntil', campaign?.coupon.validUntil, t('coupon.validUntil.hint')),
  );
}

/** An instant, entered in the zone of the browser and shown in UTC below. */
function instantField(name, value, hint, required) {
  const utc = h('span', { class: 'utc' });
  const control = input(name, { type: 'datetime-local', step: 1, required, min: '1970-01-02T00:00', max: '9999-12-30T23:59', value: value ? localOf(value) : null });
  const tell = () => {
    const instant = instantOf(control.value);
    utc.textContent = instant === null ? '' : ` = ${formatUtc(instant)}`;
  };
  control.addEventListener('input', tell);
  tell();
  return field(t('in-zone', { what: t(name === 'validUntil' ? 'coupon.validUntil' : `campaign.${name}`), zone: localZone }), control, [hint, utc]);
}

function localOf(instant) {
  const at = new Date(instant);
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

function instantOf(text) {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The plan that was entered: of a new campaign all that was said, of one that is there what has its field. */
export function planOf(data) {
  const plan = { name: data.get('name') };
  if (data.has('quantity')) {
    plan.quantity = Number(data.get('quantity'));
    plan.eligibility = data.get('eligibility');
  }
  if (data.has('opensAt')) {
    plan.closesAt = instantOf(data.get('closesAt'));
    if (data.get('opensAt') !== '') {
      plan.opensAt = instantOf(data.get('opensAt'));
    }
  }
  plan.coupon = { title: data.get('title'), discount: data.get('discount'), validUntil: instantOf(data.get('validUntil')) };
  return plan;
}

/** Of a plan what differs from the campaign as it was read, as a merge patch. */
export function patchOf(campaign, data) {
  const plan = planOf(data);
  const patch = {};
  for (const [name, value] of Object.entries(plan)) {
    if (name === 'coupon') {
      const coupon = Object.fromEntries(Object.entries(value).filter(([part, its]) => !isSame(its, campaign.coupon[part])));
      if (Object.keys(coupon).length > 0) {
        patch.coupon = coupon;
      }
    } else if (!isSame(value, campaign[name])) {
      patch[name] = value;
    }
  }
  return patch;
}

/** Fields show whole seconds, and what was not touched shall not lose its milliseconds. */
function isSame(entered, known) {
  const isInstant = typeof entered === 'string' && typeof known === 'string' && /^\d{4}-.*Z$/.test(entered) && /^\d{4}-.*Z$/.test(known);
  return isInstant ? entered.slice(0, 19) === new Date(known).toISOString().slice(0, 19) : (entered ?? null) === (known ?? null);
}

export function planFacts(campaign) {
  return facts([
    [t('campaign.quantity'), number(campaign.quantity)],
    [t('campaign.opensAt'), time(campaign.opensAt)],
    [t('campaign.closesAt'), campaign.closesAt ? time(campaign.closesAt) : t('campaign.open-end')],
    [t('campaign.eligibility'), t(`eligibility.${campaign.eligibility}`)],
    [t('coupon.title'), campaign.coupon.title],
    [t('coupon.discount'), campaign.coupon.discount],
    [t('coupon.validUntil'), campaign.coupon.validUntil ? time(campaign.coupon.validUntil) : t('coupon.for-ever')],
    campaign.returned > 0 && [t('campaign.returned'), number(campaign.returned)],
    campaign.retainedUntil && [t('campaign.retainedUntil'), time(campaign.retainedUntil)],
    [t('campaign.version'), code(campaign.version)],
    [t('campaign.epoch'), code(campaign.epoch)],
  ]);
}
