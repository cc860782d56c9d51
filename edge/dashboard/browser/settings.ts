// What a person has chosen for this browser: language and colours.
import type { Language } from './i18n/index.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** A browser that keeps nothing, as in a private window, forgets the choice and nothing else. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // See read().
  }
}

export function readLanguage(): Language {
  const chosen = read('language');
  if (chosen === 'en' || chosen === 'ja') return chosen;
  return navigator.language.startsWith('ja') ? 'ja' : 'en';
}

export const writeLanguage = (language: Language): void => write('language', language);

export function readTheme(): Theme {
  const chosen = read('theme');
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto';
}

/** Applies a theme to the page and keeps it. */
export function writeTheme(theme: Theme): void {
  write('theme', theme);
  document.documentElement.dataset.theme = theme;
}
