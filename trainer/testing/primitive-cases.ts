// Every primitive on small matrices, for whoever must compute or differentiate them all.
import { createRandom } from '@dandan/shared/random';
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
} from '../autodiff/build.ts';
import type { Expression, Input, Shape, SparsePattern } from '../autodiff/expression.ts';
import { MASK_OFFSETS } from '../autodiff/mask.ts';
import type { ReferenceFeeds } from '../autodiff/reference.ts';

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
/** 40 rows of a matrix with an empty row, a hub of 1,100 entries and one of 33, in no order. */
const uneven: SparsePattern = (() => {
  const random = createRandom(3);
  const degrees = Array.from({ length: 40 }, (_, row) => (row < 3 ? [0, 1100, 33][row] : row % 9));
  const sorted = degrees.flatMap((degree, row) => Array<number>(degree).fill(row));
  const rowOf = Int32Array.from(random.shuffle(sorted));
  const columnOf = rowOf.map(() => Math.floor(random.next() * 50));
  return { rows: 40, columns: 50, rowOf, columnOf };
})();
const unevenValues = input('unevenValues', [uneven.rowOf.length, 2]);
const tall = input('tall', [6, 3]);
const heads = input('heads', [5, 2]);
const perColumn = input('perColumn', [5, 4]);
const leftSix = input('leftSix', [6, 4]);
const rightFour = input('rightFour', [4, 4]);
const fifty = input('fifty', [50, 4]);
const forty = input('forty', [40, 3]);
const empty: SparsePattern = {
  rows: 2,
  columns: 4,
  rowOf: new Int32Array(0),
  columnOf: new Int32Array(0),
};
const positive = (x: Expression) => add(exp(x), constant(Float32Array.of(0.5), [1, 1]));

export interface PrimitiveCase {
  readonly root: Expression;
  readonly by: readonly Input[];
}

/** Every primitive, in every transposition and broadcast, with the inputs to differentiate by. */
export const PRIMITIVE_CASES: Readonly<Record<string, PrimitiveCase>> = {
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
  'sparse matmul, uneven rows': { root: sparseMatmul(uneven, fifty), by: [fifty] },
  'sparse matmul, uneven rows, two groups': {
    root: sparseMatmul(uneven, fifty, { values: unevenValues }),
    by: [fifty],
  },
  'sparse matmul, uneven columns': {
    root: sparseMatmul(uneven, forty, { transpose: true }),
    by: [forty],
  },
  'sparse matmul, no entries': { root: sparseMatmul(empty, a), by: [a] },
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

/** Values of all inputs of the cases. */
export const PRIMITIVE_FEEDS: ReferenceFeeds = (() => {
  const random = createRandom(11);
  const matrix = ([rows, columns]: Shape) =>
    Float64Array.from({ length: rows * columns }, () => random.normal());
  const inputs = [a, b, wide, rowVector, columnVector, one, values, tall];
  inputs.push(heads, perColumn, leftSix, rightFour, unevenValues, fifty, forty);
  return {
    ...Object.fromEntries(inputs.map(({ name, shape }) => [name, matrix(shape)])),
    partners: Int32Array.of(2, 0, 3, 2),
    offset: Int32Array.of(MASK_OFFSETS - 1),
  };
})();

/** A scalar that weighs every entry of `root` differently, so that no gradient cancels. */
export function weighted(root: Expression): Expression {
  const random = createRandom(5);
  const size = root.shape[0] * root.shape[1];
  const weights = Float32Array.from({ length: size }, () => random.normal());
  return total(multiply(root, constant(weights, root.shape)));
}
