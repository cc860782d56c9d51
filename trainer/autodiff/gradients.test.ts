import { expect, test } from 'vitest';
import { finiteDifferences } from '../testing/finite-differences.ts';
import { PRIMITIVE_CASES, PRIMITIVE_FEEDS, weighted } from '../testing/primitive-cases.ts';
import {
  add,
  constant,
  input,
  mask,
  matmul,
  multiply,
  sampledDot,
  scatterRows,
  sparseMatmul,
  total,
} from './build.ts';
import type { SparsePattern } from './expression.ts';
import { gradients } from './gradients.ts';
import { maskScale } from './mask.ts';
import { evaluate } from './reference.ts';

const a = input('a', [4, 3]);
const b = input('b', [3, 5]);
const tall = input('tall', [6, 3]);
const heads = input('heads', [5, 2]);
const pattern: SparsePattern = {
  rows: 6,
  columns: 4,
  rowOf: Int32Array.of(0, 0, 2, 5, 5),
  columnOf: Int32Array.of(1, 3, 0, 3, 2),
};

for (const [name, { root, by }] of Object.entries(PRIMITIVE_CASES)) {
  test(`gradients() of ${name} match finite differences in float64`, () => {
    const loss = weighted(root);
    gradients(loss, by).forEach((gradient, index) => {
      expect(gradient.shape).toEqual(by[index].shape);
      const exact = evaluate(gradient, PRIMITIVE_FEEDS);
      finiteDifferences(loss, by[index], PRIMITIVE_FEEDS).forEach((numeric, i) => {
        expect(Math.abs(exact[i] - numeric)).toBeLessThan(1e-7 * Math.max(1, Math.abs(numeric)));
      });
    });
  });
}

test('gradients() adds up the paths of an expression that is used twice', () => {
  const loss = total(multiply(a, add(a, a)));
  const [gradient] = gradients(loss, [a]);
  const expected = (PRIMITIVE_FEEDS.a as Float64Array).map((x) => 4 * x);
  evaluate(gradient, PRIMITIVE_FEEDS).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 12);
  });
});

test('gradients() refuses a loss that is no scalar or does not depend on the target', () => {
  expect(() => gradients(a, [a])).toThrow(/must be \[1,1\]/);
  expect(() => gradients(total(a), [b])).toThrow(/does not depend on target 0/);
});

test('evaluate() masks by the rate, and differently from another offset', () => {
  const size = 100_000;
  const at = (offset: number) =>
    evaluate(mask('offset', [size, 1], 0.3), { offset: Int32Array.of(offset) });
  const [first, second] = [at(0), at(1234)];
  expect(new Set(first)).toEqual(new Set([0, maskScale(0.3)]));
  // Four standard deviations: 4 · √(0.3 · 0.7 / size) = 0.0058, and 0.3 is 77/256 = 0.3008.
  expect(Math.abs(first.filter((value) => value === 0).length / size - 77 / 256)).toBeLessThan(
    0.006,
  );
  const both = first.filter((value, i) => value === 0 && second[i] === 0).length / size;
  expect(Math.abs(both - (77 / 256) ** 2)).toBeLessThan(0.006);
});

test('builders refuse shapes that do not fit', () => {
  expect(() => matmul(a, a)).toThrow('Cannot multiply matrices of shape [4, 3] and [4, 3]');
  expect(() => add(a, b)).toThrow(/Cannot add/);
  expect(() => constant(Float32Array.of(1, 2), [1, 1])).toThrow(/Cannot hold 2 entries/);
  expect(() => scatterRows(a, Int32Array.of(1), 3)).toThrow(/Cannot scatter/);
  expect(() => sampledDot(pattern, a, tall)).toThrow(/Cannot sample a dot product/);
  expect(() => sampledDot(pattern, tall, a, 2)).toThrow(/Cannot use as 5 sparse values/);
  expect(() => sparseMatmul(pattern, a, { values: heads })).toThrow(/as 5 sparse values/);
  expect(() => mask('offset', [1, 1], 1)).toThrow(/'rate' must be between 0 and 1/);
});
