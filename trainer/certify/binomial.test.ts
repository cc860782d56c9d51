import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialCdf, neededNodes } from './binomial.ts';

/**
 * Exact rationals, rounded once:
 * python3 -c "from fractions import Fraction as F; from math import comb
 * print(float(sum(comb(n,i)*p**i*(1-p)**(n-i) for i in range(s+1))))" with p = F(1, 100) and so on.
 */
test.each([
  [0, 230, 1 / 100, 0.09910481551887486],
  [5, 1000, 1 / 100, 0.06613951160725197],
  [6, 1000, 1 / 100, 0.12887662616988835],
  [3, 10, 1 / 2, 0.171875],
  [7, 20, 3 / 10, 0.7722717974181604],
  [20, 3000, 1 / 100, 0.03461489740314883],
  [150, 500, 1 / 4, 0.9951701206475148],
  [0, 1, 1 / 3, 0.6666666666666666],
  [99, 100, 9 / 10, 0.9999734386011124],
])('binomialCdf(%d, %d, %d) is %d', (s, n, p, expected) => {
  expect(Math.abs(binomialCdf(s, n, p) / expected - 1)).toBeLessThan(1e-11);
});

test('binomialCdf() is 0 below the support and 1 from its end', () => {
  expect(binomialCdf(-1, 10, 0.5)).toBe(0);
  expect(binomialCdf(10, 10, 0.5)).toBe(1);
  expect(binomialCdf(11, 10, 0.5)).toBe(1);
  expect(binomialCdf(0, 0, 0.5)).toBe(1);
});

test('binomialCdf() does not underflow where the first term does', () => {
  // The median of Bin(100000, ½): ½ and half of the middle term, 1 / √(2πnp(1−p)) = 0.00252.
  expect(binomialCdf(50_000, 100_000, 0.5)).toBeCloseTo(0.50126, 4);
});

test('binomialCdf() rises with s, falls with n and with p, within 0..1', () => {
  const counts = fc.integer({ min: 1, max: 400 });
  const shares = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
  fc.assert(
    fc.property(counts, fc.nat({ max: 400 }), shares, shares, (n, s, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const value = binomialCdf(s, n, low);
      const slack = 1e-12;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(binomialCdf(s + 1, n, low)).toBeGreaterThanOrEqual(value);
      expect(binomialCdf(s, n + 1, low)).toBeLessThanOrEqual(value + slack);
      expect(binomialCdf(s, n, high)).toBeLessThanOrEqual(value + slack);
    }),
  );
});

test.each([
  [0.5, 10, 0.5],
  [1, 10.5, 0.5],
  [1, -1, 0.5],
  [1, 10, 0],
  [1, 10, 1],
  [1, 10, Number.NaN],
])('binomialCdf(%d, %d, %d) is refused', (s, n, p) => {
  expect(() => binomialCdf(s, n, p)).toThrow(RangeError);
});

test.each([
  [0.01, 230],
  [0.02, 114],
  [0.05, 45],
])('neededNodes() for α = %d and δ = 0.1 is %d', (alpha, needed) => {
  expect(neededNodes(alpha, 0.1)).toBe(needed);
});

test('neededNodes() is the smallest n that passes without a disagreement', () => {
  const share = fc.double({ min: 1e-3, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(share, share, (alpha, delta) => {
      const n = neededNodes(alpha, delta);
      expect(binomialCdf(0, n, alpha)).toBeLessThanOrEqual(delta * (1 + 1e-12));
      expect(binomialCdf(0, n - 1, alpha)).toBeGreaterThan(delta * (1 - 1e-12));
    }),
  );
});
