import { expect, test } from 'vitest';
import { createTestBundle, createTestRows } from '../testing/index.ts';
import { batchExit } from './batch-exit.ts';
import { createCascade, macsOf } from './cascade.ts';
import { runBatch } from './run-batch.ts';
import { STOP_REASONS } from './run-cascade.ts';
import { stageProbabilities } from './stage-probabilities.ts';

const dense = await createTestBundle({ units: [4, 4, 8, 8], seed: 3 });
const sparse = await createTestBundle({ units: [4, 4, 8, 8], seed: 4, sparse: true, width: 40 });

test.each([
  ['dense', dense],
  ['sparse', sparse],
] as const)('runBatch() answers as Eq. 9–10 say, in one block or many: %s', (_, { bundle }) => {
  const cascade = createCascade(bundle);
  const classes = bundle.manifest.classes.length;
  const stagesSeen = new Set<number>();
  for (const count of [1, 7, 300]) {
    const rows = createTestRows(bundle.input, count);
    const probabilities = stageProbabilities(cascade, rows);
    for (const threshold of [0, 0.3, 0.4, 0.5, 0.6, 0.8, 1]) {
      const expected = batchExit({ probabilities, classes, threshold });
      const result = runBatch(cascade, rows, { threshold });
      expect(result.classes).toEqual(expected.classes);
      expect(new Set(result.stage)).toEqual(new Set([expected.stage]));
      expect([...result.macs]).toEqual(
        Array.from({ length: count }, (_, i) => macsOf(cascade, rows, i, expected.stage - 1)),
      );
      const reasons = new Set([...result.stopped].map((index) => STOP_REASONS[index]));
      const sure = expected.confidence[expected.stage - 1] > threshold;
      expect(reasons).toEqual(new Set([sure ? 'confident' : 'last-stage']));
      for (const confidence of result.confidence) {
        expect(confidence).toBeGreaterThan(1 / classes - 1e-6);
        expect(confidence).toBeLessThanOrEqual(1);
      }
      stagesSeen.add(expected.stage);
    }
  }
  expect(stagesSeen.size, 'batches that stop early and late').toBeGreaterThan(1);
});

test('runBatch() goes no deeper than maxStage, and says so', () => {
  const cascade = createCascade(dense.bundle);
  const rows = createTestRows(dense.bundle.input, 9);
  const result = runBatch(cascade, rows, { threshold: 1, maxStage: 2 });
  expect(new Set(result.stage)).toEqual(new Set([2]));
  expect(STOP_REASONS[result.stopped[0]]).toBe('stage-limit');
  // With one student the confidence of a row is the student's own.
  const alone = runBatch(cascade, rows, { threshold: 1, maxStage: 1 });
  const [first] = stageProbabilities(cascade, rows);
  const classes = dense.bundle.manifest.classes.length;
  alone.confidence.forEach((confidence, i) => {
    const own = Math.max(...first.subarray(i * classes, (i + 1) * classes));
    expect(confidence).toBeCloseTo(own, 6);
  });
});

test('runBatch() of no rows is empty, and refuses rows of another width', () => {
  const cascade = createCascade(dense.bundle);
  const none = createTestRows(dense.bundle.input, 0);
  expect(runBatch(cascade, none, {}).classes).toHaveLength(0);
  expect(() => runBatch(cascade, createTestRows(sparse.bundle.input, 2), {})).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^rows-/) }),
  );
});
