// The frame of the console: signs in, shows the view that the address names, and keeps the place in it.

import { withQuery } from './api.js';
import { notice } from './dialogs.js';
import { button, h, link, problemBox, select } from './dom.js';
import { authorize, forget, operatorName, renew, start, switchOperator } from './identity.js';
import { Problem } from './problem.js';
import { audit } from './audit.js';
import { campaign } from './campaign.js';
import { campaigns, newCampaign } from './campaigns.js';
import { deadLetter, deadLetters } from './dead-letters.js';
import { reconciliation, reconciliations } from './reconciliations.js';
import { chooseLanguage, chooseZone, language, localZone, t, zone } from './words.js';

const ROUTES = [
  [/^\/campaigns$/, campaigns],
  [/^\/new-campaign$/, newCampaign],
  [/^\/campaigns\/([a-z0-9-]{1,64})$/, campaign],
  [/^\/reconciliations$/, reconciliations],
  [/^\/reconciliations\/(\d{1,18})$/, reconciliation],
  [/^\/dead-letters$/, deadLetters],
  [/^\/dead-letters\/(\d{1,18})$/, deadLetter],
  [/^\/audit-log$/, audit],
];

const PLACES = ['campaigns', 'reconciliations', 'dead-letters', 'audit-log'];

const main = document.getElementById('main');

let left = new AbortController();

function frame() {
  document.documentElement.lang = language;
  document.getElementById('skip').textContent = t('skip');
  const name = operatorName();
  document.getElementById('top').replaceChildren(
    link('#/campaigns', h('img', { src: '/console/icon.svg', alt: '', width: 22, height: 22 }), h('span', {}, t('title'))),
    h(
      'nav',
      { 'aria-label': t('nav') },
      PLACES.map((place) =>
        h('a', { href: `#/${place}`, 'aria-current': location.hash.startsWith(`#/${place}`) && 'page' }, t(`nav.${place}`)),
      ),
    ),
    h(
      'div',
      { class: 'who' },
      name !== null && h('span', { class: 'operator' }, name),
      name !== null &&
        button(t('sign-out'), () => {
          forget();
          main.replaceChildren(h('h1', { tabindex: -1 }, t('signed-out')), h('p', {}, t('signed-out.text')), signInButton());
        }),
      select(
        'language',
        [
          ['en', 'English'],
          ['ko', '한국어'],
        ],
        language,
        {
          'aria-label': t('language'),
          onchange: (event) => {
            chooseLanguage(event.target.value);
            again();
          },
        },
      ),
    ),
  );
  document.getElementById('bottom').replaceChildren(
    h('span', {}, zone === 'UTC' ? t('zone.in-utc') : t('zone', { zone })),
    localZone === 'UTC'
      ? ''
      : button(
          t(zone === 'UTC' ? 'zone.local' : 'zone.utc'),
          () => {
            chooseZone(zone === 'UTC' ? '' : 'UTC');
            again();
          },
          'plain',
        ),
  );
}

/** Words and zones are chosen while the page loads. A token does not outlive that, so it is asked for anew. */
function again() {
  location.reload();
}

function signInButton() {
  return button(t('sign-in'), () => renew(null).then(show, fail), 'primary');
}

/** The view that the address names. A view is left, with all that it still does, when the next one comes. */
async function show() {
  left.abort();
  left = new AbortController();
  const { signal } = left;
  const [path, search] = location.hash.replace(/^#/, '').split('?');
  frame();
  const [route, view] = ROUTES.find(([pattern]) => pattern.test(path)) ?? [];
  if (view === undefined) {
    location.replace('#/campaigns');
    return;
  }
  const query = new URLSearchParams(search);
  const context = {
    signal,
    query,
    parameters: route.exec(path).slice(1),
    /** Shows the view once more, as it is now. */
    reload: () => signal.aborted || show(),
    /** The address of this view with other parameters; those that are null are left out. */
    here: (changes) => withQuery(`#${path}`, { ...Object.fromEntries(query), ...changes }),
  };
  main.setAttribute('aria-busy', 'true');
  try {
    await authorize(); // also where a view asks nothing before something is filled in
    const { title, content } = await view(context);
    if (signal.aborted) {
      return;
    }
    const focused = mark(document.activeElement);
    const heading = main.querySelector('h1')?.textContent;
    const scrolled = window.scrollY;
    main.replaceChildren(...content);
    document.title = `${title} · ${t('title')}`;
    if (heading === main.querySelector('h1')?.textContent) {
      window.scrollTo(0, scrolled); // the same view again: the operator stays where he is
      focusAgain(focused);
    } else {
      window.scrollTo(0, 0);
      main.querySelector('h1')?.focus({ preventScroll: true });
    }
  } catch (failure) {
    if (!signal.aborted) {
      fail(failure);
    }
  } finally {
    if (!signal.aborted) {
      main.removeAttribute('aria-busy');
    }
  }
}

/** What tells an element of a view from the others, once the view has been made anew. */
function mark(element) {
  return main.contains(element) && element !== main ? [element.tagName, element.name ?? '', element.href ?? '', element.textContent].join('|') : null;
}

/** A view that is shown again has other elements; who was at one of them goes on at the same. */
function focusAgain(focused) {
  if (document.activeElement === document.body) {
    const same = focused && [...main.querySelectorAll(focused.split('|')[0])].find((element) => mark(element) === focused);
    (same ?? main.querySelector('h1'))?.focus({ preventScroll: true });
  }
}

function fail(failure) {
  if (failure.name === 'AbortError') {
    return;
  }
  const problem = failure instanceof Problem ? failure : new Problem({ title: failure.message });
  const actions =
    problem.status === 403
      ? [h('p', {}, t('no-operator', { name: operatorName() ?? '' })), button(t('sign-in.other'), switchOperator, 'primary')]
      : problem.status === 401
        ? [signInButton()]
        : [button(t('again'), show, 'primary')];
  main.replaceChildren(h('h1', { tabindex: -1 }, t(problem.status === 403 ? 'no-operator.title' : 'failed')), problemBox(problem, h('div', { class: 'actions' }, actions)));
  document.title = `${problem.title} · ${t('title')}`;
}

document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault(); // the address names the view
  main.focus();
});
window.addEventListener('hashchange', () => {
  document.getElementById('notices').replaceChildren();
  show();
});
window.addEventListener('unhandledrejection', ({ reason }) => {
  if (reason?.name !== 'AbortError') {
    notice(reason?.title ?? String(reason?.message ?? reason), 'bad');
  }
});

frame();
try {
  await start(frame);
  await show();
} catch (failure) {
  fail(failure);
}
