import { expect, test } from 'vitest';
import { softmaxRow } from './softmax-row.ts';

test('softmaxRow() divides the logits by the temperature', () => {
  const row = Float32Array.of(0, Math.log(3));
  expect(softmaxRow(row, 1)[1]).toBeCloseTo(0.75, 6);
  expect(softmaxRow(row, 2)[1]).toBeCloseTo(Math.sqrt(3) / (1 + Math.sqrt(3)), 6);
});

test('softmaxRow() survives logits that overflow an exponential', () => {
  expect(softmaxRow(Float32Array.of(5000, 5000, -5000), 1)).toEqual([0.5, 0.5, 0]);
});
