import { readdir, readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { en } from './browser/i18n/en.ts';
import { speak, t, type WordKey } from './browser/i18n/index.ts';
import { ja } from './browser/i18n/ja.ts';

const keys = Object.keys(en) as WordKey[];
const placeholders = (words: string) => [...words.matchAll(/\{\w+\}/g)].map(String).sort();

afterEach(() => speak('en'));

test('both languages have the same keys, and the same values in their words', () => {
  expect(Object.keys(ja).sort()).toEqual([...keys].sort());
  for (const key of keys)
    expect([key, placeholders(ja[key])]).toEqual([key, placeholders(en[key])]);
});

/** The same in both: an abbreviation, a mark. */
const ALIKE: readonly WordKey[] = ['drift.psi', 'cases.where'];

test('no key was left in English', () => {
  for (const key of keys) {
    if (ALIKE.includes(key)) continue;
    expect([key, ja[key]]).not.toEqual([key, en[key]]);
    expect([key, /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(ja[key])]).toEqual([
      key,
      true,
    ]);
  }
});

test('every key is spoken somewhere', async () => {
  const root = new URL('browser/', import.meta.url);
  const names = await readdir(root, { recursive: true });
  const sources = await Promise.all(
    names
      .filter((name) => name.endsWith('.ts') && !name.startsWith('i18n/'))
      .map((name) => readFile(new URL(name, root), 'utf8')),
  );
  const text = sources.join('\n');
  // `overview.range.hours`, or made of parts: `explain.stopped.${stopped}`.
  const made = [...text.matchAll(/`([\w.]+\.)\$\{/g)].map(([, start]) => start);
  const unused = keys.filter(
    (key) => !text.includes(`'${key}'`) && !made.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

test('t() fills in values and leaves what it was not given', () => {
  expect(t('overview.stage', { stage: 2 })).toBe('Stage 2');
  expect(t('overview.stage')).toBe('Stage {stage}');
  // A value is text, not a pattern.
  expect(t('app.failed', { reason: '$& {reason}' })).toBe('That did not work: $& {reason}');
  speak('ja');
  expect(t('overview.stage', { stage: 2 })).toBe('第2段');
});
