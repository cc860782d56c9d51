import { expect, test } from 'vitest';
import { excludedBy, windowStep } from './partner-rules.ts';

const CLASSES = ['normal', 'leak', 'blockage', 'idle'];

test('excludedBy() lists for every class those of its lists', () => {
  expect(
    excludedBy(CLASSES, [
      ['leak', 'blockage', 'leak'],
      ['idle', 'leak'],
    ]),
  ).toEqual([[], [2, 3], [1], [1]]);
  expect(excludedBy(CLASSES, [])).toEqual([[], [], [], []]);
});

test('excludedBy() names a class that there is not and what is allowed', () => {
  expect(() => excludedBy(CLASSES, [['leak', 'leek']])).toThrow(
    expect.objectContaining({
      code: 'option-invalid',
      field: 'exclusiveClasses',
      value: 'leek',
      allowed: 'normal, leak, blockage, idle',
    }),
  );
});

test.each([[[]], [['leak']], [['leak', 'leak']]])(
  'excludedBy() refuses %j, which excludes nothing',
  (list) => {
    expect(() => excludedBy(CLASSES, [list])).toThrow(/at least two/);
  },
);

test('windowStep() is the smallest step of one asset in one run', () => {
  const places = (run: number[], asset: number[], time: number[]) => ({
    assets: ['a', 'b'],
    kinds: [undefined, undefined],
    runs: ['x', 'y'],
    run: Int32Array.from(run),
    asset: Int32Array.from(asset),
    time: Float64Array.from(time),
  });
  // Other assets and other runs lie nearer, out of order, and one window came twice.
  expect(windowStep(places([0, 0, 0, 1, 0], [0, 1, 0, 0, 0], [900, 301, 300, 299, 300]))).toBe(600);
  expect(windowStep(places([0, 1], [0, 0], [0, 5]))).toBeUndefined();
});
