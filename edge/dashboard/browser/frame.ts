// Head, navigation and choices around every page.
import { h } from './dom.ts';
import { LANGUAGES, type Language, language, t } from './i18n/index.ts';
import { PAGES } from './pages/index.ts';
import { readTheme, type Theme, writeTheme } from './settings.ts';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

export interface FrameActions {
  chooseLanguage(language: Language): void;
  /** Absent where nobody is signed in. */
  readonly signOut?: () => void;
}

function select(
  label: string,
  options: readonly (readonly [string, string])[],
  value: string,
  choose: (value: string) => void,
): HTMLElement {
  return h(
    'select',
    { 'aria-label': label, onchange: ({ target }) => choose((target as HTMLSelectElement).value) },
    options.map(([name, words]) => h('option', { value: name, selected: name === value }, words)),
  );
}

/** Language, colours, sign-out. */
export function choices({ chooseLanguage, signOut }: FrameActions): HTMLElement {
  return h(
    'div',
    { class: 'settings' },
    select(t('app.language'), Object.entries(LANGUAGES), language(), (value) =>
      chooseLanguage(value as Language),
    ),
    select(
      t('app.theme'),
      THEMES.map((theme) => [theme, t(`app.theme.${theme}`)] as const),
      readTheme(),
      (value) => writeTheme(value as Theme),
    ),
    signOut && h('button', { class: 'quiet', onclick: signOut }, t('app.signOut')),
  );
}

export function header(current: string, actions: FrameActions): HTMLElement {
  return h(
    'header',
    {},
    h('a', { class: 'skip', href: '#content' }, t('app.skip')),
    h('a', { class: 'brand', href: `#/${PAGES[0].name}` }, t('app.name')),
    h(
      'nav',
      { 'aria-label': t('app.name') },
      PAGES.map(({ name, title }) =>
        h('a', { href: `#/${name}`, 'aria-current': name === current && 'page' }, t(title)),
      ),
    ),
    choices(actions),
  );
}
