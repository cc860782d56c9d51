// Builders of expressions: they check shapes once, so that gradients and
// lowerings can trust them.
import type {
  Binary,
  BinaryOperation,
  Constant,
  Expression,
  GatherRows,
  IndexInput,
  Input,
  Mask,
  MatMul,
  RowIndices,
  SampledDot,
  ScatterRows,
  Shape,
  SparseMatMul,
  SparsePattern,
  Unary,
  UnaryOperation,
} from './expression.ts';

function mismatch(operation: string, ...shapes: Shape[]): never {
  const text = shapes.map(([rows, columns]) => `[${rows}, ${columns}]`).join(' and ');
  throw new RangeError(`Cannot ${operation} matrices of shape ${text}`);
}

export function input(name: string, shape: Shape): Input {
  return Object.freeze({ kind: 'input', name, shape });
}

export function indexInput(name: string, count: number): IndexInput {
  return Object.freeze({ kind: 'index-input', name, count });
}

/** @param data float32, row-major, shape[0] · shape[1] entries. */
export function constant(data: Float32Array, shape: Shape): Constant {
  if (data.length !== shape[0] * shape[1]) mismatch(`hold ${data.length} entries in`, shape);
  return Object.freeze({ kind: 'constant', data, shape });
}

export function scalar(value: number): Constant {
  return constant(Float32Array.of(value), [1, 1]);
}

/** @throws {RangeError} when the inner sizes differ. */
export function matmul(
  a: Expression,
  b: Expression,
  { transposeA = false, transposeB = false } = {},
): MatMul {
  const [rows, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const [innerB, columns] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
  if (inner !== innerB) mismatch('multiply', a.shape, b.shape);
  const shape: Shape = [rows, columns];
  return Object.freeze({ kind: 'matmul', a, b, transposeA, transposeB, shape });
}

/**
 * @param values [non-zeros, G] where G divides b's columns.
 * @throws {RangeError} when the inner sizes differ or `values` has another shape.
 */
export function sparseMatmul(
  pattern: SparsePattern,
  b: Expression,
  { values, transpose = false }: { values?: Expression | undefined; transpose?: boolean } = {},
): SparseMatMul {
  const { rows, columns } = pattern;
  const inner = transpose ? rows : columns;
  if (inner !== b.shape[0]) mismatch('multiply sparse by dense', [rows, columns], b.shape);
  if (values) checkGroups(pattern, values.shape, b.shape);
  const shape: Shape = [transpose ? columns : rows, b.shape[1]];
  return Object.freeze({ kind: 'sparse-matmul', pattern, values, b, transpose, shape });
}

function checkGroups(pattern: SparsePattern, [entries, groups]: Shape, b: Shape): void {
  if (entries === pattern.rowOf.length && b[1] % groups === 0) return;
  mismatch(`use as ${pattern.rowOf.length} sparse values`, [entries, groups], b);
}

/**
 * @param a [rows, C], b [columns, C]; `groups` divides C.
 * @throws {RangeError} on other shapes.
 */
export function sampledDot(
  pattern: SparsePattern,
  a: Expression,
  b: Expression,
  groups = 1,
): SampledDot {
  if (a.shape[0] !== pattern.rows || b.shape[0] !== pattern.columns || a.shape[1] !== b.shape[1]) {
    mismatch('sample a dot product of', a.shape, b.shape);
  }
  const shape: Shape = [pattern.rowOf.length, groups];
  checkGroups(pattern, shape, b.shape);
  return Object.freeze({ kind: 'sampled-dot', pattern, a, b, shape });
}

/**
 * Dropout mask of a shape; every step feeds another offset under `name`.
 *
 * @throws {RangeError} unless 0 < rate < 1.
 */
export function mask(name: string, shape: Shape, rate: number): Mask {
  if (!(rate > 0 && rate < 1)) {
    throw new RangeError(`Cannot mask as 'rate' must be between 0 and 1: current value is ${rate}`);
  }
  return Object.freeze({ kind: 'mask', name, rate, shape });
}

function broadcast(operation: string, a: Shape, b: Shape): Shape {
  const size = (axis: 0 | 1) => {
    if (a[axis] !== b[axis] && a[axis] !== 1 && b[axis] !== 1) mismatch(operation, a, b);
    return Math.max(a[axis], b[axis]);
  };
  return [size(0), size(1)];
}

function binary(operation: BinaryOperation, a: Expression, b: Expression): Binary {
  const shape = broadcast(operation, a.shape, b.shape);
  return Object.freeze({ kind: 'binary', operation, a, b, shape });
}

/** Elementwise with broadcasting of axes of size 1. @throws {RangeError} on other sizes. */
export const add = (a: Expression, b: Expression) => binary('add', a, b);
export const subtract = (a: Expression, b: Expression) => binary('subtract', a, b);
export const multiply = (a: Expression, b: Expression) => binary('multiply', a, b);
export const divide = (a: Expression, b: Expression) => binary('divide', a, b);

function unary(operation: UnaryOperation, a: Expression): Unary {
  return Object.freeze({ kind: 'unary', operation, a, shape: a.shape });
}

export const exp = (a: Expression) => unary('exp', a);
export const log = (a: Expression) => unary('log', a);
export const sqrt = (a: Expression) => unary('sqrt', a);
export const relu = (a: Expression) => unary('relu', a);
export const step = (a: Expression) => unary('step', a);

export function sum(a: Expression, axis: 0 | 1): Expression {
  const shape: Shape = axis === 0 ? [1, a.shape[1]] : [a.shape[0], 1];
  return Object.freeze({ kind: 'sum', axis, a, shape });
}

/** Sum of all entries, [1, 1]. */
export const total = (a: Expression): Expression => sum(sum(a, 1), 0);

export function maximum(a: Expression, axis: 0 | 1): Expression {
  const shape: Shape = axis === 0 ? [1, a.shape[1]] : [a.shape[0], 1];
  return Object.freeze({ kind: 'maximum', axis, a, shape });
}

const countOf = (indices: RowIndices) =>
  indices instanceof Int32Array ? indices.length : indices.count;

export function gatherRows(a: Expression, indices: RowIndices): GatherRows {
  const shape: Shape = [countOf(indices), a.shape[1]];
  return Object.freeze({ kind: 'gather-rows', a, indices, shape });
}

/** @throws {RangeError} when `a` has another number of rows than `indices`. */
export function scatterRows(a: Expression, indices: RowIndices, rowCount: number): ScatterRows {
  if (a.shape[0] !== countOf(indices)) mismatch(`scatter by ${countOf(indices)} indices`, a.shape);
  const shape: Shape = [rowCount, a.shape[1]];
  return Object.freeze({ kind: 'scatter-rows', a, indices, shape });
}

/** log softmax over each row: z − max z − log Σ e^{z − max z}. */
export function logSoftmax(logits: Expression): Expression {
  const shifted = subtract(logits, maximum(logits, 1));
  return subtract(shifted, log(sum(exp(shifted), 1)));
}
