import { expect, test } from 'vitest';
import { exp, input, matmul } from './build.ts';
import { evaluateOnce } from './session.ts';

test('evaluateOnce() evaluates expressions of its feeds', async () => {
  const a = input('a', [2, 2]);
  const { y } = await evaluateOnce({ y: matmul(a, a) }, { a: Float32Array.of(1, 2, 3, 4) });
  expect([...y]).toEqual([7, 10, 15, 22]);
});

test('evaluateOnce() names a missing feed', async () => {
  const run = evaluateOnce({ y: exp(input('a', [1, 1])) }, {});
  await expect(run).rejects.toThrow("Input 'a' was not fed");
});
