import fc from 'fast-check';
import { expect, test } from 'vitest';
import { niceCeiling, tickStep } from './scale.ts';

test.each([
  [0, 1],
  [-3, 1],
  [1, 1],
  [1.01, 1.5],
  [2600, 3000],
  [5, 5],
  [51, 60],
  [81, 100],
  [99_999, 100_000],
  [0.016, 0.02],
])('niceCeiling(%d) is %d', (value, ceiling) => {
  expect(niceCeiling(value)).toBeCloseTo(ceiling, 12);
});

test('niceCeiling() is never below its value, and at most half as much again', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), (value) => {
      const ceiling = niceCeiling(value);
      expect(ceiling / value).toBeGreaterThan(1 - 1e-12);
      expect(ceiling / value).toBeLessThan(1.5 + 1e-9);
    }),
  );
});

test('tickStep() leaves no more names than there is room for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 1, max: 30, noNaN: true }),
      (bars, most) => {
        expect(bars / tickStep(bars, most)).toBeLessThanOrEqual(most);
      },
    ),
  );
  // Hours are named at midnight and noon on a phone, every three hours on a screen.
  expect([tickStep(48, 4), tickStep(48, 16)]).toEqual([12, 3]);
});
