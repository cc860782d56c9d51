import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATISTICS, type Statistic, windowStatistic } from './index.ts';

/** One sample a second: mean 5, squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32 over 8. */
const SAMPLES = {
  times: [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000],
  values: [2, 4, 4, 4, 5, 5, 7, 9],
};

test.each<[Statistic, number]>([
  ['last', 9],
  ['mean', 5],
  ['deviation', 2],
  // Σ(t − 3.5)(v − 5) = 34 over Σ(t − 3.5)² = 42, in units per second.
  ['slope', 34 / 42],
  ['minimum', 2],
  ['maximum', 9],
  // 232 / 8 is the mean square, 9 the largest magnitude.
  ['rms', Math.sqrt(29)],
  ['crest', 9 / Math.sqrt(29)],
  // Fourth powers of what the mean leaves: 81 + 1 + 1 + 1 + 0 + 0 + 16 + 256 = 356 over 8, over 4².
  ['kurtosis', 356 / 8 / 16],
  // The 9 came with the last sample.
  ['sinceChange', 0],
])('windowStatistic() computes the %s', (statistic, expected) => {
  expect(windowStatistic(statistic, SAMPLES)).toBeCloseTo(expected, 12);
});

test('windowStatistic() is NaN for an empty window', () => {
  for (const statistic of STATISTICS) {
    expect(windowStatistic(statistic, { times: [], values: [] })).toBeNaN();
  }
});

test('windowStatistic() of one sample', () => {
  const one = { times: [5], values: [-3] };
  expect(STATISTICS.map((statistic) => windowStatistic(statistic, one))).toEqual([
    -3, -3, 0, 0, -3, -3, 3, 3, 1, 0,
  ]);
});

test('deviation keeps its digits on a large offset', () => {
  const values = SAMPLES.values.map((value) => value + 1e9);
  expect(windowStatistic('deviation', { times: SAMPLES.times, values })).toBeCloseTo(2, 6);
});

test('slope keeps its digits at times since the epoch', () => {
  const times = SAMPLES.times.map((time) => time + 1.8e12);
  expect(windowStatistic('slope', { times, values: SAMPLES.values })).toBeCloseTo(34 / 42, 12);
});

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('slope recovers a straight line in units per second', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat({ max: 100_000 }), { minLength: 2, maxLength: 30 }),
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: -1000, max: 1000 }),
      (unsorted, rate, start) => {
        const times = unsorted.toSorted((a, b) => a - b);
        const values = times.map((time) => start + (rate * time) / 1000);
        const slope = windowStatistic('slope', { times, values });
        expect(Math.abs(slope - rate)).toBeLessThan(1e-6 * (1 + Math.abs(rate)) + 1e-7);
      },
    ),
  );
});

test('statistics move and scale with the values', () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 40 }), number, (values, shift) => {
      const times = values.map((_, i) => i * 10);
      const of = (statistic: Statistic, data: number[]) =>
        windowStatistic(statistic, { times, values: data });
      const moved = values.map((value) => value + shift);
      for (const statistic of ['last', 'mean', 'minimum', 'maximum'] as const) {
        expect(of(statistic, moved)).toBeCloseTo(of(statistic, values) + shift, 3);
      }
      expect(of('deviation', moved)).toBeCloseTo(of('deviation', values), 3);
      const [low, mean, high] = (['minimum', 'mean', 'maximum'] as const).map((s) => of(s, values));
      expect(low).toBeLessThanOrEqual(mean + 1e-6);
      expect(mean).toBeLessThanOrEqual(high + 1e-6);
    }),
  );
});
