// Words of the dashboard in the language of its reader.
import { en, type Words } from './en.ts';
import { ja } from './ja.ts';

export const LANGUAGES = { en: 'English', ja: '日本語' } as const;

export type Language = keyof typeof LANGUAGES;
export type WordKey = keyof Words;

const DICTIONARIES: Readonly<Record<Language, Words>> = { en, ja };

let current: Language = 'en';

/** Sets the language of every word from now on. */
export function speak(language: Language): void {
  current = language;
}

export const language = (): Language => current;

/** The words of `key`, with `{name}` replaced. */
export function t(key: WordKey, values: Readonly<Record<string, string | number>> = {}): string {
  return DICTIONARIES[current][key].replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}
