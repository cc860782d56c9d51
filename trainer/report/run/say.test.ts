import { expect, test } from 'vitest';
import { createSay } from './say.ts';

const en = createSay({ language: 'en', unit: 'window' });
const ja = createSay({ language: 'ja', unit: 'node' });

test.each([
  [0, '0 min', '0 分'],
  [250, '250 ms', '250 ミリ秒'],
  [90_000, '90 s', '90 秒'],
  [1_200_000, '20 min', '20 分'],
  [-600_000, '−10 min', '−10 分'],
  [3_600_000, '1 h', '1 時間'],
  [5_400_000, '90 min', '90 分'],
  [7_560_000, '2.1 h', '2.1 時間'],
  [86_400_000 * 3.5, '3.5 days', '3.5 日'],
])('duration(%d) is %s and %s', (ms, english, japanese) => {
  expect(en.duration(ms).replace('\u00a0', ' ')).toBe(english);
  expect(ja.duration(ms).replace('\u00a0', ' ')).toBe(japanese);
});

test('percent(), points(), count() and time() never leave a number to guess', () => {
  expect(en.percent(undefined)).toBe('—');
  expect(en.percent(0.98765, 2)).toBe('98.77\u00a0%');
  expect(en.points(0.0966)).toBe('+9.7\u00a0points');
  expect(ja.points(-0.05)).toBe('−5.0\u00a0ポイント');
  expect(en.points(-0.0001)).toBe('+0.0\u00a0points');
  expect(en.count(1234567)).toBe('1,234,567');
  expect(en.time(Date.UTC(2026, 0, 5, 6, 7))).toBe('2026-01-05 06:07');
  expect([en.one, en.many, ja.one]).toEqual(['window', 'windows', 'ノード']);
});

test('time() reads the clocks of the plant, and says whose they are', () => {
  const options = { unit: 'window', timeZone: 'America/St_Johns' } as const;
  const at = Date.UTC(2026, 0, 5, 2, 7);
  expect(createSay({ ...options, language: 'en' }).time(at)).toBe('2026-01-04 22:37');
  expect(createSay({ ...options, language: 'en' }).zone).toBe('times of America/St_Johns');
  expect(createSay({ ...options, language: 'ja' }).zone).toBe('America/St_Johns の時刻');
  expect([en.zone, ja.zone]).toEqual(['UTC', '協定世界時']);
});
