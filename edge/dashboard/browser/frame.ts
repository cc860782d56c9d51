// Head, navigation and choices around every page.
import { h } from './dom.ts';
import { LANGUAGES, type Language, language, t } from './i18n/index.ts';
import { PAGES } from './pages/index.ts';
import { readTheme, type Theme, writeTheme } from './settings.ts';
import { bareSelect } from './ui/select.ts';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

export interface FrameActions {
  chooseLanguage(language: Language): void;
  /** Absent where nobody is signed in. */
  readonly signOut?: () => void;
}

/** Language, colours, sign-out. */
export function choices({ chooseLanguage, signOut }: FrameActions): HTMLElement {
  return h(
    'div',
    { class: 'settings' },
    bareSelect<Language>({
      label: t('app.language'),
      options: [
        ['en', LANGUAGES.en],
        ['ja', LANGUAGES.ja],
      ],
      value: language(),
      choose: chooseLanguage,
    }),
    bareSelect<Theme>({
      label: t('app.theme'),
      options: THEMES.map((theme) => [theme, t(`app.theme.${theme}`)] as const),
      value: readTheme(),
      choose: writeTheme,
    }),
    signOut && h('button', { class: 'quiet', onclick: signOut }, t('app.signOut')),
  );
}

/** The address behind # names a page here, so the browser's own jump is not for us. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

export function header(current: string, actions: FrameActions): HTMLElement {
  return h(
    'header',
    {},
    h('a', { class: 'skip', href: '#content', onclick: skip }, t('app.skip')),
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
