import { expect, test } from 'vitest';
import { batchExit } from './batch-exit.ts';

/** Three students on two rows of two classes; mean confidences 0.55, 0.75 and 0.9. */
const probabilities = [
  Float32Array.of(0.6, 0.4, 0.5, 0.5),
  Float32Array.of(0.3, 0.7, 0.8, 0.2),
  Float32Array.of(0.1, 0.9, 0.1, 0.9),
];
const exit = (threshold: number) => batchExit({ probabilities, classes: 2, threshold });

test('batchExit() stops the whole batch at the first student above the threshold', () => {
  expect([0, 0.5, 0.6, 0.8, 0.95].map((threshold) => exit(threshold).stage)).toEqual([
    1, 1, 2, 3, 3,
  ]);
  expect(exit(0.95).confidence).toHaveLength(3);
  exit(0.95).confidence.forEach((c, k) => {
    expect(c).toBeCloseTo([0.55, 0.75, 0.9][k], 6);
  });
});

test('batchExit() needs more than the threshold, as Eq. 9 says', () => {
  const sure = [Float32Array.of(1, 0), Float32Array.of(1, 0)];
  expect(batchExit({ probabilities: sure, classes: 2, threshold: 1 }).stage).toBe(2);
});

test('batchExit() mixes the students that ran by softmax(c), by hand', () => {
  expect([...exit(0.5).classes]).toEqual([0, 0]);
  // Row 1: 0.6 e^.55 + 0.3 e^.75 = 1.675 against 0.4 e^.55 + 0.7 e^.75 = 2.175.
  expect([...exit(0.6).classes]).toEqual([1, 0]);
  // Row 2: 0.5 e^.55 + 0.8 e^.75 + 0.1 e^.9 = 2.806 against 0.867 + 0.423 + 2.214 = 3.504.
  expect([...exit(0.95).classes]).toEqual([1, 1]);
});

test('batchExit() weighs a student by its confidence over the batch, not over the row', () => {
  // Row 1 ties in the plain mean: 0.6 + 0.4 against 0.4 + 0.6. The second student is surer of
  // the batch as a whole, so it decides.
  const tied = [Float32Array.of(0.6, 0.4, 0.5, 0.5), Float32Array.of(0.4, 0.6, 1, 0)];
  const { classes } = batchExit({ probabilities: tied, classes: 2, threshold: 1 });
  expect([...classes]).toEqual([1, 0]);
});

test('batchExit() of no rows runs every student', () => {
  const none = [new Float32Array(0), new Float32Array(0)];
  const { stage, classes } = batchExit({ probabilities: none, classes: 2, threshold: 0.5 });
  expect([stage, classes.length]).toEqual([2, 0]);
});
