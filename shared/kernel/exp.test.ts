import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expNegative } from './index.ts';

const float32 = (min: number, max: number) => fc.float({ min, max, noNaN: true });

/** Relative error against Math.exp, whose own error of 1e-16 does not matter here. */
function relativeError(x: number): number {
  return Math.abs(expNegative(x) / Math.exp(x) - 1);
}

test('expNegative() is within 2e-7 of e^x on a grid over (-87, 0]', () => {
  let worst = 0;
  const steps = 200_000;
  for (let i = 0; i < steps; i++) {
    worst = Math.max(worst, relativeError(Math.fround((-86.9999 * i) / steps)));
  }
  expect(worst).toBeLessThan(2e-7);
});

test('expNegative() is within 2e-7 of e^x around every switch of the exponent', () => {
  for (let n = 0; n < 125; n++) {
    const half = Math.fround(-(n + 0.5) * Math.LN2);
    for (const step of [-2, -1, 0, 1, 2]) {
      expect(relativeError(Math.fround(half * (1 + step * 2 ** -23)))).toBeLessThan(2e-7);
    }
  }
});

test('expNegative() is within 2e-7 of e^x for any float32', () => {
  fc.assert(
    fc.property(float32(-86, 0), (x) => {
      expect(relativeError(x)).toBeLessThan(2e-7);
    }),
    { numRuns: 2000 },
  );
});

test('expNegative() gives float32 in 0..1', () => {
  fc.assert(
    fc.property(float32(-100, 0), (x) => {
      const y = expNegative(x);
      expect(Math.fround(y)).toBe(y);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [0, 1],
  [-0, 1],
  [-1e-45, 1],
  [-87, 0],
  [-1e30, 0],
  [Number.NEGATIVE_INFINITY, 0],
  [Number.NaN, 0],
])('expNegative(%d) is %d', (x, y) => {
  expect(expNegative(x)).toBe(y);
});

test('expNegative() is a normal number just above -87', () => {
  const smallestNormal = 2 ** -126;
  expect(expNegative(Math.fround(-86.99999))).toBeGreaterThan(smallestNormal);
});
