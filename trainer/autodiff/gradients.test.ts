import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { finiteDifferences } from '../testing/finite-differences.ts';
import {
  add,
  constant,
  divide,
  exp,
  gatherRows,
  indexInput,
  input,
  log,
  logSoftmax,
  mask,
  matmul,
  maximum,
  multiply,
  relu,
  sampledDot,
  scatterRows,
  sparseMatmul,
  sqrt,
  step,
  subtract,
  sum,
  total,
} from './build.ts';
import type { Expression, Input, Shape, SparsePattern } from './expression.ts';
import { gradients } from './gradients.ts';
import { MASK_OFFSETS, maskScale } from './mask.ts';
import { evaluate, type ReferenceFeeds } from './reference.ts';
import { createSession } from './session.ts';

const a = input('a', [4, 3]);
const b = input('b', [3, 5]);
const wide = input('wide', [4, 5]);
const rowVector = input('rowVector', [1, 3]);
const columnVector = input('columnVector', [4, 1]);
const one = input('one', [1, 1]);
const values = input('values', [5, 1]);
const partners = indexInput('partners', 4);
const pattern: SparsePattern = {
  rows: 6,
  columns: 4,
  rowOf: Int32Array.of(0, 0, 2, 5, 5),
  columnOf: Int32Array.of(1, 3, 0, 3, 2),
};
const tall = input('tall', [6, 3]);
const heads = input('heads', [5, 2]);
const perColumn = input('perColumn', [5, 4]);
const leftSix = input('leftSix', [6, 4]);
const rightFour = input('rightFour', [4, 4]);
const positive = (x: Expression) => add(exp(x), constant(Float32Array.of(0.5), [1, 1]));

/** Every primitive, in every transposition and broadcast, with the inputs to differentiate by. */
const CASES: Record<string, { root: Expression; by: Input[] }> = {
  'matmul a·b': { root: matmul(a, b), by: [a, b] },
  'matmul aᵀ·b': { root: matmul(a, wide, { transposeA: true }), by: [a, wide] },
  'matmul a·bᵀ': { root: matmul(wide, b, { transposeB: true }), by: [wide, b] },
  'matmul aᵀ·bᵀ': {
    root: matmul(b, a, { transposeA: true, transposeB: true }),
    by: [a, b],
  },
  'sparse matmul, all ones': { root: sparseMatmul(pattern, a), by: [a] },
  'sparse matmul, values': { root: sparseMatmul(pattern, a, { values }), by: [a, values] },
  'sparse matmul, transposed': {
    root: sparseMatmul(pattern, tall, { values, transpose: true }),
    by: [tall, values],
  },
  'sparse matmul, two groups': {
    root: sparseMatmul(pattern, rightFour, { values: heads }),
    by: [rightFour, heads],
  },
  'sparse matmul, two groups, transposed': {
    root: sparseMatmul(pattern, leftSix, { values: heads, transpose: true }),
    by: [leftSix, heads],
  },
  'sparse matmul, a group per column': {
    root: sparseMatmul(pattern, rightFour, { values: perColumn }),
    by: [rightFour, perColumn],
  },
  'sampled dot, one group': { root: sampledDot(pattern, tall, a), by: [tall, a] },
  'sampled dot, two groups': {
    root: sampledDot(pattern, leftSix, rightFour, 2),
    by: [leftSix, rightFour],
  },
  'sampled dot, a group per column': {
    root: sampledDot(pattern, leftSix, rightFour, 4),
    by: [leftSix, rightFour],
  },
  'mask times a': { root: multiply(mask('offset', a.shape, 0.4), a), by: [a] },
  'two masks of one offset': {
    root: multiply(mask('offset', a.shape, 0.1), add(mask('offset', a.shape, 0.9), a)),
    by: [a],
  },
  'add, row broadcast': { root: add(a, rowVector), by: [a, rowVector] },
  'subtract, column broadcast': { root: subtract(columnVector, a), by: [a, columnVector] },
  'multiply, scalar broadcast': { root: multiply(a, one), by: [a, one] },
  'multiply, row by column': { root: multiply(rowVector, columnVector), by: [rowVector] },
  'divide, both sides': { root: divide(a, positive(rowVector)), by: [a, rowVector] },
  exp: { root: exp(a), by: [a] },
  log: { root: log(positive(a)), by: [a] },
  sqrt: { root: sqrt(positive(a)), by: [a] },
  relu: { root: relu(a), by: [a] },
  'step (gradient 0) times a': { root: multiply(step(a), a), by: [a] },
  'sum over rows': { root: sum(a, 0), by: [a] },
  'sum over columns': { root: sum(a, 1), by: [a] },
  'maximum over columns as a shift': { root: sum(exp(subtract(a, maximum(a, 1))), 1), by: [] },
  'maximum over rows as a shift': { root: sum(exp(subtract(a, maximum(a, 0))), 0), by: [] },
  'gather rows, repeated': { root: gatherRows(a, Int32Array.of(3, 0, 3)), by: [a] },
  'gather rows, fed indices': { root: gatherRows(a, partners), by: [a] },
  'scatter rows, colliding': { root: scatterRows(a, Int32Array.of(2, 0, 2, 6), 7), by: [a] },
  'scatter rows, fed indices': { root: scatterRows(a, partners, 5), by: [a] },
  'log softmax': { root: logSoftmax(a), by: [a] },
};

const feeds: ReferenceFeeds = (() => {
  const random = createRandom(11);
  const matrix = ([rows, columns]: Shape) =>
    Float64Array.from({ length: rows * columns }, () => random.normal());
  const inputs = [a, b, wide, rowVector, columnVector, one, values, tall];
  inputs.push(heads, perColumn, leftSix, rightFour);
  return {
    ...Object.fromEntries(inputs.map(({ name, shape }) => [name, matrix(shape)])),
    partners: Int32Array.of(2, 0, 3, 2),
    offset: Int32Array.of(MASK_OFFSETS - 1),
  };
})();

/** A scalar that weighs every entry of `root` differently, so that no gradient cancels. */
function weighted(root: Expression): Expression {
  const random = createRandom(5);
  const size = root.shape[0] * root.shape[1];
  const weights = Float32Array.from({ length: size }, () => random.normal());
  return total(multiply(root, constant(weights, root.shape)));
}

for (const [name, { root, by }] of Object.entries(CASES)) {
  test(`gradients() of ${name} match finite differences in float64`, () => {
    const loss = weighted(root);
    gradients(loss, by).forEach((gradient, index) => {
      expect(gradient.shape).toEqual(by[index].shape);
      const exact = evaluate(gradient, feeds);
      finiteDifferences(loss, by[index], feeds).forEach((numeric, i) => {
        expect(Math.abs(exact[i] - numeric)).toBeLessThan(1e-7 * Math.max(1, Math.abs(numeric)));
      });
    });
  });

  test(`createSession() computes ${name} and its gradients like the reference`, async () => {
    const loss = weighted(root);
    const outputs: Record<string, Expression> = { root, loss };
    gradients(loss, by).forEach((gradient, index) => {
      outputs[`d${by[index].name}`] = gradient;
    });
    const session = await createSession({ outputs });
    const single = Object.fromEntries(
      Object.entries(feeds).map(([key, value]) => [
        key,
        value instanceof Float64Array ? Float32Array.from(value) : value,
      ]),
    );
    const results = await session.run(single);
    const widened = Object.fromEntries(
      Object.entries(single).map(([key, value]) => [
        key,
        value instanceof Float32Array ? Float64Array.from(value) : value,
      ]),
    );
    for (const [key, expression] of Object.entries(outputs)) {
      evaluate(expression, widened).forEach((expected, i) => {
        const error = Math.abs(results[key][i] - expected);
        expect(error).toBeLessThan(2e-5 * Math.max(1, Math.abs(expected)));
      });
    }
    await session.release();
  });
}

test('gradients() adds up the paths of an expression that is used twice', () => {
  const loss = total(multiply(a, add(a, a)));
  const [gradient] = gradients(loss, [a]);
  const expected = (feeds.a as Float64Array).map((x) => 4 * x);
  evaluate(gradient, feeds).forEach((value, i) => {
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
