import { expect, test } from 'vitest';
import { createTestBundle, createTestRows } from '../testing/index.ts';
import { createCascade } from './cascade.ts';
import { exitLimits, exitStages } from './exit-stages.ts';
import { runCascade } from './run-cascade.ts';
import { traceCascade } from './trace-cascade.ts';

test('exitLimits() rounds to float32 and lets null never stop a node', () => {
  expect([...exitLimits([0.1, null])]).toEqual([Math.fround(0.1), Number.POSITIVE_INFINITY]);
});

test('exitStages() names the stages at which runCascade() stops', async () => {
  const { bundle } = await createTestBundle();
  const cascade = createCascade(bundle);
  const rows = createTestRows(bundle.input, 300);
  const trace = traceCascade(cascade, rows);
  for (const thresholds of [
    [0.6, 0.6],
    [null, 0.5],
    [0.7, null],
    [null, null],
    [0, 0],
  ]) {
    const expected = runCascade(cascade, rows, { thresholds }).stage.map((stage) => stage - 1);
    expect(exitStages(trace, thresholds)).toEqual(expected);
  }
});
