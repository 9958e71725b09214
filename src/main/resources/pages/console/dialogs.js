// Dialogs: what will happen, the question whether it shall, and what has become of it.

import { button, field, h, input, newId, problemBox } from './dom.js';
import { Problem } from './problem.js';
import { t } from './words.js';

function open(title, content, properties) {
  const heading = newId('dialog');
  const dialog = h('dialog', { 'aria-labelledby': heading, ...properties }, h('h2', { id: heading }, title), ...content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something is done, does it, and says how that ended. A problem leaves the dialog as it is, so that what was
 * entered can be mended.
 *
 * @param title what is about to be done
 * @param content what will happen, and fields
 * @param confirm the words on the button
 * @param danger whether it cannot be undone
 * @param run does it, given the form's data; may throw a Problem
 * @param explain more about a problem: nodes, and whether asking again makes no sense
 * @return what run gave, or null where it was not confirmed
 */
export function ask({ title, content, confirm, danger, run, explain }) {
  return new Promise((resolve) => {
    let result = null;
    const outcome = h('div', { class: 'outcome' });
    const go = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, confirm);
    const form = h(
      'form',
      {
        onsubmit: async (event) => {
          event.preventDefault();
          go.disabled = true;
          go.setAttribute('aria-busy', 'true');
          try {
            result = (await run(new FormData(form))) ?? true;
            dialog.close();
          } catch (problem) {
            if (!(problem instanceof Problem)) {
              throw problem;
            }
            const more = explain?.(problem) ?? {};
            outcome.replaceChildren(problemBox(problem, ...(more.nodes ?? [])));
            go.hidden = more.over === true;
            outcome.scrollIntoView({ block: 'nearest' });
          } finally {
            go.disabled = false;
            go.removeAttribute('aria-busy');
          }
        },
      },
      ...content,
      outcome,
      h('div', { class: 'actions' }, button(t('cancel'), () => dialog.close()), go),
    );
    const dialog = open(title, [form], { class: danger ? 'asks dangerous' : 'asks' });
    dialog.addEventListener('close', () => resolve(result));
  });
}

/**
 * Has the operator say who he is.
 *
 * @param kind code (by the issuer), token (which is pasted) or header (a name, where headers are believed)
 * @param problem why he is asked, or null
 * @param again whether he was known before
 * @param begin signs in by the issuer
 */
export function signInDialog({ kind, problem, again, begin }) {
  return new Promise((resolve, reject) => {
    const aborted = new AbortController();
    let done = false;
    const outcome = h('div', { class: 'outcome' });
    const form = h(
      'form',
      {
        onsubmit: async (event) => {
          event.preventDefault();
          const data = Object.fromEntries(new FormData(form));
          try {
            outcome.replaceChildren(kind === 'code' ? h('p', { role: 'status' }, t('sign-in.waiting')) : '');
            await begin?.(aborted.signal);
            done = true;
            dialog.close();
            resolve({ ...data, token: data.token?.trim() });
          } catch (failure) {
            if (failure.name !== 'AbortError') {
              outcome.replaceChildren(problemBox({ title: failure.message }));
            }
          }
        },
      },
      h('p', {}, t(again ? 'sign-in.again' : `sign-in.${kind}`)),
      kind === 'token' && field(t('sign-in.token-field'), input('token', { type: 'password', required: true, autofocus: true })),
      kind === 'header' && [
        field(t('sign-in.name'), input('name', { required: true, maxlength: 128, pattern: '[!-~]+', autofocus: true, value: 'ops' })),
        field(t('sign-in.scopes'), input('scopes', { value: 'coupon.admin' }), t('sign-in.scopes.hint')),
      ],
      outcome,
      h('div', { class: 'actions' }, button(t('cancel'), () => dialog.close()), h('button', { type: 'submit', class: 'primary' }, t('sign-in'))),
    );
    const dialog = open(t('sign-in.title'), [form], { class: 'sign-in' });
    dialog.addEventListener('close', () => {
      if (!done) {
        aborted.abort();
        reject(problem ?? new Problem({ status: 401, code: 'unauthenticated', title: t('sign-in.needed') }));
      }
    });
  });
}

/** Says what has become of something, until it is closed or another view is opened. */
export function notice(text, kind) {
  const box = document.getElementById('notices');
  const shown = h('div', { class: `notice ${kind ?? 'good'}` }, h('p', {}, text), button('×', () => shown.remove(), 'close', { 'aria-label': t('close') }));
  box.replaceChildren(shown);
}
