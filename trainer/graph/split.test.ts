import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomSplit } from './split.ts';

/** `sizes[c]` nodes of class c, then `unknown` nodes without label. */
function labelsOf(sizes: readonly number[], unknown = 0): Int32Array {
  return Int32Array.from([
    ...sizes.flatMap((size, label) => Array<number>(size).fill(label)),
    ...Array<number>(unknown).fill(-1),
  ]);
}

test('randomSplit() covers all nodes with disjoint, ascending sets', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 0, max: 100 }),
      fc.nat(),
      (sizes, unknown, seed) => {
        const labels = labelsOf(sizes, unknown);
        const split = randomSplit({ labels, classes: sizes.length, seed });
        const sets = [split.train, split.validation, split.test, split.unlabelled];
        const all = sets.flatMap((set) => [...set]);
        expect(all.sort((a, b) => a - b)).toEqual([...labels.keys()]);
        for (const set of sets) expect(set).toEqual(Int32Array.from(set).sort());
        for (const set of sets.slice(0, 3)) {
          for (const node of set) expect(labels[node]).toBeGreaterThanOrEqual(0);
        }
      },
    ),
  );
});

test('randomSplit() draws 20 and 30 nodes of every class by default', () => {
  const labels = labelsOf([100, 400, 2000]);
  const { train, validation } = randomSplit({ labels, classes: 3, seed: 1 });
  for (let label = 0; label < 3; label++) {
    expect(train.filter((node) => labels[node] === label)).toHaveLength(20);
    expect(validation.filter((node) => labels[node] === label)).toHaveLength(30);
  }
});

test('randomSplit() repeats for a seed and differs between seeds', () => {
  const options = { labels: labelsOf([300, 300]), classes: 2 };
  expect(randomSplit({ ...options, seed: 4 })).toEqual(randomSplit({ ...options, seed: 4 }));
  expect(randomSplit({ ...options, seed: 4 })).not.toEqual(randomSplit({ ...options, seed: 5 }));
});

test('randomSplit() takes one count per class', () => {
  const labels = labelsOf([300, 300]);
  const { train } = randomSplit({ labels, classes: 2, seed: 1, perClassTrain: [40, 10] });
  expect(train.filter((node) => labels[node] === 0)).toHaveLength(40);
  expect(train).toHaveLength(50);
});

test('randomSplit() divides a class that is too small in proportion', () => {
  const labels = labelsOf([1000, 10]);
  const split = randomSplit({ labels, classes: 2, seed: 1, calibrationShare: 0 });
  const small = (set: Int32Array) => set.filter((node) => labels[node] === 1).length;
  expect([small(split.train), small(split.validation), small(split.test)]).toEqual([3, 5, 2]);
});

test.each([
  { rest: 400, unknown: 0, held: 200, why: 'never more than half of the rest' },
  { rest: 2358, unknown: 0, held: 1000, why: 'at least 1,000 where the rest allows it' },
  { rest: 8000, unknown: 0, held: 1600, why: '20 %' },
  { rest: 34000, unknown: 0, held: 3000, why: 'at most 3,000' },
  { rest: 8000, unknown: 1500, held: 1600, why: 'nodes without label count first' },
  { rest: 8000, unknown: 5000, held: 5000, why: 'enough nodes without label' },
])('randomSplit() holds back $held of $rest for calibration: $why', ({ rest, unknown, held }) => {
  const labels = labelsOf([50 + rest / 2, 50 + rest / 2], unknown);
  const split = randomSplit({ labels, classes: 2, seed: 1 });
  expect(split.unlabelled).toHaveLength(held);
  expect(split.test).toHaveLength(rest - (held - unknown));
});

test.each([
  { perClassTrain: 0, field: 'perClassTrain' },
  { perClassValidation: 1.5, field: 'perClassValidation' },
  { perClassTrain: [1, 2, 3], field: 'perClassTrain.length' },
  { calibrationShare: 1, field: 'calibrationShare' },
  { calibrationShare: Number.NaN, field: 'calibrationShare' },
])('randomSplit() refuses $field out of range', ({ field, ...options }) => {
  expect(() => randomSplit({ labels: labelsOf([9, 9]), classes: 2, seed: 1, ...options })).toThrow(
    expect.objectContaining({ code: 'option-invalid', field }),
  );
});
