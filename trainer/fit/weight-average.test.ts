import { expect, test } from 'vitest';
import { createWeightAverage } from './weight-average.ts';

const means = (decay: number, weights: readonly number[]) => {
  const average = createWeightAverage(decay);
  return weights.map((w) => average.add({ w: Float32Array.of(w) }).w[0]);
};

test('createWeightAverage() is a plain mean first and an exponential one later', () => {
  // 1 − 1/n is 0, 1/2, 2/3, 3/4: the third step is the first that d = 0.6 cuts.
  const expected = [4, 6, 0.6 * 6 + 0.4 * 1, 0.6 * 4 + 0.4 * 9];
  means(0.6, [4, 8, 1, 9]).forEach((mean, n) => {
    expect(mean).toBeCloseTo(expected[n], 6);
  });
});

test('createWeightAverage() of decay 0 is the latest weights', () => {
  expect(means(0, [4, 8, 1])).toEqual([4, 8, 1]);
});

test('createWeightAverage() leaves the weights that it is given alone', () => {
  const average = createWeightAverage(0.5);
  const first = { w: Float32Array.of(4) };
  average.add(first);
  average.add({ w: Float32Array.of(8) });
  expect([...first.w]).toEqual([4]);
});
