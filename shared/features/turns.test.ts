import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cosineOfTurn, sineOfTurn } from './turns.ts';

test.each<[number, number, number, number]>([
  [0, 8, 1, 0],
  [1, 8, Math.SQRT1_2, Math.SQRT1_2],
  [1, 4, 0, 1],
  [3, 8, -Math.SQRT1_2, Math.SQRT1_2],
  [1, 2, -1, 0],
  [3, 4, 0, -1],
  [1, 1, 1, 0],
  [1, 12, Math.sqrt(3) / 2, 0.5],
])('%i of %i of a turn', (numerator, denominator, cosine, sine) => {
  expect(cosineOfTurn(numerator, denominator)).toBeCloseTo(cosine, 15);
  expect(sineOfTurn(numerator, denominator)).toBeCloseTo(sine, 15);
});

test('cosineOfTurn() and sineOfTurn() are those of Math but for the last bits', () => {
  const part = fc
    .integer({ min: 1, max: 100_000 })
    .chain((denominator) => fc.tuple(fc.nat({ max: denominator }), fc.constant(denominator)));
  fc.assert(
    fc.property(part, ([numerator, denominator]) => {
      const angle = (2 * Math.PI * numerator) / denominator;
      const [cosine, sine] = [
        cosineOfTurn(numerator, denominator),
        sineOfTurn(numerator, denominator),
      ];
      // The angle itself is off by half its last bit.
      expect(Math.abs(cosine - Math.cos(angle))).toBeLessThan(2e-15);
      expect(Math.abs(sine - Math.sin(angle))).toBeLessThan(2e-15);
      expect(Math.abs(cosine * cosine + sine * sine - 1)).toBeLessThan(1e-15);
      expect(cosineOfTurn(denominator - numerator, denominator)).toBe(cosine);
    }),
    { numRuns: 1000 },
  );
});
