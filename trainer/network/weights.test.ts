import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { glorotWeights, isBias, parameterInputs } from './weights.ts';

test('glorotWeights() are uniform in ±√(6 / (fan in + fan out))', () => {
  const [rows, columns] = [60, 90];
  const { w0 } = glorotWeights({ w0: [rows, columns] }, createRandom(1));
  // √(6 / 150) = 0.2.
  const limit = 0.2;
  const largest = w0.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  expect(largest).toBeLessThanOrEqual(limit);
  expect(largest).toBeGreaterThan(0.99 * limit);
  const mean = w0.reduce((a, b) => a + b, 0) / w0.length;
  const variance = w0.reduce((a, b) => a + b * b, 0) / w0.length;
  const sigma = limit / Math.sqrt(3);
  expect(Math.abs(mean)).toBeLessThan((4 * sigma) / Math.sqrt(w0.length));
  expect(variance / sigma ** 2).toBeCloseTo(1, 1);
});

test('glorotWeights() start biases at 0 and the weights of a single input not', () => {
  const shapes = { b0: [1, 8], 'head.b': [1, 8], 'head.u': [1, 8], 'hidden0.x': [1, 8] } as const;
  const weights = glorotWeights(shapes, createRandom(1));
  for (const [name, values] of Object.entries(weights)) {
    expect(values).toHaveLength(8);
    expect(values.every((value) => value === 0)).toBe(isBias(name));
    expect(isBias(name)).toBe(name === 'b0' || name === 'head.b');
  }
});

test('glorotWeights() of a matrix do not depend on which others there are', () => {
  const alone = glorotWeights({ w1: [3, 4] }, createRandom(7));
  const among = glorotWeights({ w0: [9, 9], w1: [3, 4] }, createRandom(7));
  expect(among.w1).toEqual(alone.w1);
  expect(glorotWeights({ w1: [3, 4] }, createRandom(8)).w1).not.toEqual(alone.w1);
});

test('parameterInputs() names one input per matrix', () => {
  const { w0 } = parameterInputs({ w0: [3, 4] });
  expect(w0).toEqual({ kind: 'input', name: 'w0', shape: [3, 4] });
});
