import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { solve } from './solve.ts';

test('solve() undoes a product with a positive definite matrix', () => {
  const random = createRandom(3);
  const n = 7;
  const half = Float64Array.from({ length: n * n }, () => random.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) a[i * n + j] += half[i * n + k] * half[j * n + k];
    }
    a[i * n + i] += 0.1;
  }
  const x = Float64Array.from({ length: n }, () => random.normal());
  const b = x.map((_, i) => x.reduce((sum, value, j) => sum + a[i * n + j] * value, 0));
  solve(a, b).forEach((value, i) => {
    expect(value).toBeCloseTo(x[i], 9);
  });
});

test('solve() refuses a matrix that is not positive definite', () => {
  expect(() => solve(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow('pivot 1 is -3');
});
