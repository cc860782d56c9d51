// Entry of the dashboard: who is there, which page, again every while.
import { edge, isSignedOut, reasonOf } from './api.ts';
import { h } from './dom.ts';
import { moment } from './format.ts';
import { choices, header } from './frame.ts';
import { type Language, speak, t } from './i18n/index.ts';
import { PAGES } from './pages/index.ts';
import { readLanguage, readTheme, writeLanguage, writeTheme } from './settings.ts';
import { signInPage } from './sign-in.ts';
import { noticeRegion } from './ui/notice.ts';

/** Figures are some ten seconds behind; a page that changes under the hand is no help. */
const REFRESH_MS = 30_000;

const root = document.getElementById('app') ?? document.body;

/** `#/models/press` → its page and `['press']`. */
function place() {
  const [name, ...rest] = decodeURIComponent(location.hash.replace(/^#\/?/, '')).split('/');
  return { ...(PAGES.find((each) => each.name === name) ?? PAGES[0]), rest };
}

function use(language: Language): void {
  speak(language);
  // Screen readers pronounce by it, and browsers choose glyphs of Han characters.
  document.documentElement.lang = language;
}

function chooseLanguage(language: Language): void {
  writeLanguage(language);
  use(language);
  void show();
}

async function signOut(): Promise<void> {
  await edge('delete', '/v1/session').catch(() => undefined);
  // What pages remember of one person is not for the next.
  location.reload();
}

/** Pages that were asked for later win over those that load slowly. */
let shown = 0;

function showSignIn(): void {
  // No page is shown any more: none is loaded anew under the hand of who types a key.
  shown++;
  document.title = t('app.name');
  root.replaceChildren(
    h('header', {}, choices({ chooseLanguage })),
    signInPage(() => void show()),
  );
}

const nameOf = (element: Element) => element.getAttribute('data-name') ?? '';

/** Parts that a person has opened stay open when the page is loaded again. */
function replace(content: HTMLElement, nodes: readonly Node[]): void {
  const open = [...content.querySelectorAll('details[open]')].map(nameOf);
  const focused = content.contains(document.activeElement);
  const choice = Array.from<Element | null>(content.querySelectorAll('select')).indexOf(
    document.activeElement,
  );
  content.replaceChildren(...nodes);
  for (const details of content.querySelectorAll('details')) {
    if (nameOf(details) !== '' && open.includes(nameOf(details))) details.open = true;
  }
  // What had the focus is gone: a keyboard goes on here, not at the top of the page.
  const again = content.querySelectorAll('select')[choice] ?? content.closest('main');
  if (focused) again?.focus({ preventScroll: true });
}

async function show(): Promise<void> {
  const turn = ++shown;
  const { name, title, page, rest } = place();
  const content = h('div', { class: 'content' }, h('p', {}, t('app.loading')));
  const updated = h('p', { class: 'updated' });
  const refresh = async () => {
    try {
      const nodes = await page.load({ rest, refresh });
      if (turn !== shown) return;
      replace(content, nodes);
      updated.textContent = t('app.updated', { time: moment(new Date().toISOString()) });
    } catch (error) {
      if (turn !== shown) return;
      if (isSignedOut(error)) showSignIn();
      else updated.textContent = t('app.failed', { reason: reasonOf(error) });
    }
  };
  document.title = `${t(title)} – ${t('app.name')}`;
  root.replaceChildren(
    header(name, { chooseLanguage, signOut: () => void signOut() }),
    h(
      'main',
      { id: 'content', tabindex: -1 },
      h('div', { class: 'heading' }, h('h1', {}, t(title)), updated),
      noticeRegion(),
      content,
    ),
  );
  await refresh();
  if (turn !== shown) return;
  const again = setInterval(() => {
    if (turn !== shown) clearInterval(again);
    // A form in use is not taken away.
    else if (!page.still && !document.hidden && !content.contains(document.activeElement))
      void refresh();
  }, REFRESH_MS);
}

use(readLanguage());
writeTheme(readTheme());
addEventListener('hashchange', () => {
  void show();
  document.getElementById('content')?.focus({ preventScroll: true });
  scrollTo(0, 0);
});
void show();
