import { createTestBundle } from '@dandan/shared/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  balancedAccuracy,
  classFigures,
  confusionOf,
  macroF1,
  mistakesOf,
} from './class-figures.ts';
import { groupBy } from './groups.ts';
import { shareInterval } from './interval.ts';
import { reliabilityOf } from './reliability.ts';
import { singleFlops } from './single-flops.ts';

test('classFigures() gives the figures of a small matrix', () => {
  // Worked by hand; scikit-learn 1.7 gives the same.
  const truth = [0, 0, 0, 1, 1, 2, 2, 2, 2];
  const answers = [0, 0, 1, 1, 0, 2, 2, 0, 1];
  const figures = classFigures(confusionOf(truth, answers, 4));
  expect(figures.map(({ support, told, right }) => [support, told, right])).toEqual([
    [3, 4, 2],
    [2, 3, 1],
    [4, 2, 2],
    [0, 0, 0],
  ]);
  expect(figures[0]).toMatchObject({ precision: 0.5, recall: 2 / 3, f1: 4 / 7 });
  expect(figures[3]).toMatchObject({ precision: undefined, recall: undefined, f1: undefined });
  expect(macroF1(figures)).toBeCloseTo((4 / 7 + 2 / 5 + 2 / 3) / 3, 12);
  expect(balancedAccuracy(figures)).toBeCloseTo((2 / 3 + 1 / 2 + 1 / 2) / 3, 12);
});

test('mistakesOf() lists confusions, the most frequent first, and no right answers', () => {
  const counts = [
    [5, 0, 2],
    [3, 9, 0],
    [2, 0, 1],
  ];
  expect(mistakesOf(counts)).toEqual([
    { truth: 1, answer: 0, count: 3 },
    { truth: 0, answer: 2, count: 2 },
    { truth: 2, answer: 0, count: 2 },
  ]);
});

test('reliabilityOf() puts confidences into bins that end where they say', () => {
  const { bins, ece } = reliabilityOf([0, 0, 0, 1], [0, 1, 0, 1], [0.1, 0.1000001, 1, 0]);
  expect(bins.map(({ count }) => count)).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
  // (2 · |1 − 0.05| + 1 · |0 − 0.1| + 1 · |1 − 1|) / 4
  expect(ece).toBeCloseTo(0.5, 5);
  expect(reliabilityOf([], [], []).ece).toBe(0);
});

test('property: ECE is 0 for who is sure and right, and never above 1', () => {
  const answer = fc.record({
    label: fc.nat(2),
    told: fc.nat(2),
    sure: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1 }), (answers) => {
      const [truth, told, sure] = [
        answers.map(({ label }) => label),
        answers.map((one) => one.told),
        answers.map((one) => one.sure),
      ];
      const { ece, bins } = reliabilityOf(truth, told, sure);
      expect(ece).toBeGreaterThanOrEqual(0);
      expect(ece).toBeLessThanOrEqual(1);
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(answers.length);
      expect(
        reliabilityOf(
          truth,
          truth,
          truth.map(() => 1),
        ).ece,
      ).toBe(0);
    }),
  );
});

test('shareInterval() is the published Wilson interval and contains the share', () => {
  // Newcombe 1998, Table I, method 3: 81 of 263 and 0 of 20.
  const [low, high] = shareInterval(81, 263);
  expect([low, high].map((v) => Number(v.toFixed(4)))).toEqual([0.2553, 0.3662]);
  expect(shareInterval(0, 20)[1]).toBeCloseTo(0.1611, 4);
  expect(shareInterval(0, 0)).toEqual([0, 1]);
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (part, rest) => {
      const all = part + rest;
      const [from, to] = shareInterval(part, all);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(1);
      if (all > 0) {
        expect(from).toBeLessThanOrEqual(part / all + 1e-12);
        expect(to).toBeGreaterThanOrEqual(part / all - 1e-12);
      }
    }),
  );
});

test('groupBy() counts each group on its own and leaves out nodes without a key', () => {
  const groups = groupBy(
    {
      truth: Int32Array.of(0, 1, 1, 0),
      classes: Int32Array.of(0, 0, 1, 1),
      fullClasses: Int32Array.of(0, 1, 1, 1),
      macs: Float64Array.of(10, 10, 40, 10),
      fullMacs: Float64Array.of(40, 40, 40, 40),
    },
    (position) => (position === 3 ? undefined : position < 2 ? 'a' : 'b'),
  );
  expect(groups).toEqual([
    { key: 'a', members: [0, 1], right: 1, accuracy: 0.5, disagreement: 0.5, macsShare: 0.25 },
    { key: 'b', members: [2], right: 1, accuracy: 1, disagreement: 0, macsShare: 1 },
  ]);
});

test('singleFlops() counts the MLP that train builds, and tells when it cannot', async () => {
  const { bundle } = await createTestBundle({ width: 10, classes: 4 });
  const of = (
    provenance: Record<string, never> | { options: { widths: number[]; hiddenLayers: number } },
  ) => singleFlops({ ...bundle.manifest, provenance });
  expect(of({ options: { widths: [2, 6], hiddenLayers: 1 } })).toBe(2 * (10 * 6 + 6 * 4));
  expect(of({ options: { widths: [6], hiddenLayers: 2 } })).toBe(2 * (10 * 6 + 6 * 6 + 6 * 4));
  expect(of({})).toBeUndefined();
});
