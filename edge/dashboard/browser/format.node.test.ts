import { afterEach, expect, test, vi } from 'vitest';
import {
  bytes,
  compact,
  decimal,
  dollars,
  moment,
  percent,
  short,
  signed,
  tick,
} from './format.ts';
import { speak } from './i18n/index.ts';

function browser(...languages: string[]): void {
  vi.stubGlobal('navigator', { languages });
}

afterEach(() => {
  vi.unstubAllGlobals();
  speak('en');
});

test('numbers are read in the chosen language', () => {
  browser('en-GB');
  expect(compact(12_345)).toBe('12.3k');
  expect(percent(1, 3)).toBe('33.3%');
  expect(bytes(12_340)).toBe('12.3 kB');
  expect(decimal(0.012_345)).toBe('0.0123');
  expect([signed(0.25), signed(-0.0561), signed(0)]).toEqual(['+0.250', '-0.056', '0.000']);
  expect([0.000_123_4, 0.000_012, 0, 12.3456].map(dollars)).toEqual([
    'US$0.000123',
    '< US$0.0001',
    'US$0',
    'US$12.3',
  ]);
  speak('ja');
  expect(compact(12_345)).toBe('1.2万');
});

test('a share of nothing is a dash, not a number', () => {
  browser('en');
  expect(percent(0, 0)).toBe('–');
});

test('days come before months where the browser says so', () => {
  const noon = new Date(2026, 10, 26, 12).toISOString();
  browser('ja-JP', 'en-GB');
  expect(moment(noon)).toBe('26/11/2026, 12:00');
  browser('en-US');
  expect(moment(noon)).toMatch(/^11\/26\/26, 12:00\sPM$/);
  // The language is Japanese whatever the browser's is.
  speak('ja');
  expect(moment(noon)).toBe('2026/11/26 12:00');
});

test('an axis names midnight by its date, other hours by the clock', () => {
  browser('en-GB');
  expect(tick(new Date(2026, 10, 26, 0).toISOString(), 'hour')).toBe('26/11');
  expect(tick(new Date(2026, 10, 26, 9).toISOString(), 'hour')).toBe('09:00');
  expect(tick(new Date(2026, 10, 26, 9).toISOString(), 'day')).toBe('26/11');
});

test('what is not there has a word', () => {
  expect([moment(null), short(null), short('0123456789abcdef')]).toEqual([
    'never',
    'none',
    '0123456789ab',
  ]);
});
