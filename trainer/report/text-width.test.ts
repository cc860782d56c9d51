import { expect, test } from 'vitest';
import { CHARACTER, cutToWidth, textWidth } from './text-width.ts';

test('textWidth() counts Japanese characters as wide as they are high', () => {
  expect(textWidth('abc')).toBeCloseTo(3 * CHARACTER);
  expect(textWidth('軸受')).toBe(24);
  expect(textWidth('ベルト 1')).toBeCloseTo(36 + 2 * CHARACTER);
});

test('cutToWidth() keeps what fits and never exceeds the room', () => {
  expect(cutToWidth('short', 100)).toBe('short');
  for (const text of ['a rather long name of a class', '軸受の摩耗が進んでいる状態']) {
    const cut = cutToWidth(text, 80);
    expect(cut.endsWith('…')).toBe(true);
    expect(text.startsWith(cut.slice(0, -1))).toBe(true);
    expect(textWidth(cut.slice(0, -1)) + CHARACTER).toBeLessThanOrEqual(80);
  }
});
