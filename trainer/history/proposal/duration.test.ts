import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationText, roundDown, roundUp } from './duration.ts';

test.each([
  [250, '250 ms'],
  [1000, '1 s'],
  [90_000, '90 s'],
  [60_000, '1 min'],
  [300_000, '5 min'],
  [5_400_000, '90 min'],
  [9_000_000, '2.5 h'],
  [3_600_000, '1 h'],
  [36 * 3_600_000, '36 h'],
  [3 * 86_400_000, '3 d'],
])('durationText() of %i ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('round lengths lie on either side, and what is round stays', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 28 * 86_400_000 }), (ms) => {
      expect(roundDown(ms)).toBeLessThanOrEqual(ms);
      expect(roundUp(ms)).toBeGreaterThanOrEqual(ms);
      expect(roundUp(roundDown(ms))).toBe(roundDown(ms));
    }),
  );
});
