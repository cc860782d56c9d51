// The page of those who are not signed in.
import { edge } from './api.ts';
import { h } from './dom.ts';
import { t } from './i18n/index.ts';
import { card } from './ui/card.ts';
import { attempt, noticeRegion } from './ui/notice.ts';

/** @param done called once somebody is signed in. */
export function signInPage(done: () => void): HTMLElement {
  const key = h('input', { type: 'password', name: 'key', required: true, autocomplete: 'off' });
  const submit = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      await edge('post', '/v1/session', { json: { key: key.value } });
      key.value = '';
      done();
    });
  };
  return h(
    'main',
    { class: 'sign-in', id: 'content' },
    h('h1', {}, t('app.name')),
    h('p', { class: 'tagline' }, t('app.tagline')),
    card(
      t('signIn.title'),
      h(
        'form',
        { onsubmit: submit },
        h('label', {}, t('signIn.key'), key),
        h('p', { class: 'hint' }, t('signIn.hint')),
        h('button', {}, t('signIn.submit')),
      ),
      noticeRegion(),
    ),
  );
}
