import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tallies } from '../testing/tallies.ts';
import { addTally, CONFIDENCE_BINS, confidenceBin, createTally } from './tally.ts';

const sum = (list: Parameters<typeof addTally>[1][]) => list.reduce(addTally, createTally());

test('addTally() sums: any order and grouping give the same', () => {
  fc.assert(
    fc.property(fc.array(tallies, { maxLength: 6 }), fc.nat(6), (list, cut) => {
      const whole = sum(list);
      expect(sum(list.toReversed())).toEqual(whole);
      const parts = [sum(list.slice(0, cut)), sum(list.slice(cut))];
      expect(sum(parts)).toEqual(whole);
      expect(whole.nodes).toBe(list.reduce((total, { nodes }) => total + nodes, 0));
      expect(whole.stages[0] ?? 0).toBe(
        list.reduce((total, { stages: [first = 0] }) => total + first, 0),
      );
    }),
  );
});

test('addTally() changes its first argument alone', () => {
  fc.assert(
    fc.property(tallies, tallies, (into, from) => {
      const before = structuredClone(from);
      const base = structuredClone(into);
      expect(addTally(base, from)).toBe(base);
      expect(from).toEqual(before);
    }),
  );
});

test('confidenceBin() puts a confidence at or below its upper bound, as float32 too', () => {
  for (let k = 1; k <= CONFIDENCE_BINS; k++) {
    expect(confidenceBin(Math.fround(k / CONFIDENCE_BINS) * (1 - 1e-7))).toBe(k - 1);
  }
  expect([0, 0.01, 0.05, 0.051, 0.5, 0.999, 1].map(confidenceBin)).toEqual([0, 0, 0, 1, 9, 19, 19]);
});
