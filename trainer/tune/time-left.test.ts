import { expect, test } from 'vitest';
import { planRungs } from './successive-halving.ts';
import { createTimeLeft } from './time-left.ts';

test('estimate() counts the students still to train on this rung and those expected on later ones', () => {
  // Rungs of 9, 3 and 1 trials with 1, 2 and 4 of 4 students: 9 + 3·1 + 1·2 students in all.
  const rungs = planRungs(9, 3);
  const time = createTimeLeft({ rungs, reduction: 3, workers: 2, stages: Array(9).fill(4) });
  expect(time.estimate(0, 9)).toBeUndefined();
  time.measured(1, 10);
  expect(time.estimate(0, 8)).toBeCloseTo((10 * (8 + 3 + 2)) / 2, 12);
  time.measured(3, 10);
  expect(time.estimate(1, 2)).toBeCloseTo((5 * (2 + 2)) / 2, 12);
  expect(time.estimate(2, 0)).toBe(0);
});
