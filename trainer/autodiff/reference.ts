// What the primitives mean: a plain float64 evaluator. Gradients are checked
// against its finite differences, lowerings against its values.
import {
  type Binary,
  type Expression,
  type IndexInput,
  type Mask,
  type MatMul,
  type SampledDot,
  type SparseMatMul,
  topologicalOrder,
} from './expression.ts';
import { maskPool, maskScale, maskThreshold } from './mask.ts';

export type ReferenceFeeds = Readonly<Record<string, Float64Array | Int32Array>>;

const BINARY = {
  add: (a: number, b: number) => a + b,
  subtract: (a: number, b: number) => a - b,
  multiply: (a: number, b: number) => a * b,
  divide: (a: number, b: number) => a / b,
};

const UNARY = {
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  relu: (a: number) => Math.max(a, 0),
  step: (a: number) => (a > 0 ? 1 : 0),
};

function matmul(node: MatMul, a: Float64Array, b: Float64Array): Float64Array {
  const [rows, columns] = node.shape;
  const inner = node.transposeA ? node.a.shape[0] : node.a.shape[1];
  const result = new Float64Array(rows * columns);
  const atA = (i: number, k: number) => a[node.transposeA ? k * rows + i : i * inner + k];
  const atB = (k: number, j: number) => b[node.transposeB ? j * inner + k : k * columns + j];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < inner; k++) result[i * columns + j] += atA(i, k) * atB(k, j);
    }
  }
  return result;
}

function sparseMatmul(
  { pattern, values, shape, transpose }: SparseMatMul,
  weights: Float64Array | undefined,
  b: Float64Array,
): Float64Array {
  const columns = shape[1];
  const groups = values?.shape[1] ?? 1;
  const width = columns / groups;
  const result = new Float64Array(shape[0] * columns);
  pattern.rowOf.forEach((row, entry) => {
    const column = pattern.columnOf[entry];
    const [target, source] = transpose ? [column, row] : [row, column];
    for (let j = 0; j < columns; j++) {
      const weight = weights?.[entry * groups + Math.floor(j / width)] ?? 1;
      result[target * columns + j] += weight * b[source * columns + j];
    }
  });
  return result;
}

function sampledDot(node: SampledDot, a: Float64Array, b: Float64Array): Float64Array {
  const { rowOf, columnOf } = node.pattern;
  const [entries, groups] = node.shape;
  const columns = node.a.shape[1];
  const width = columns / groups;
  const result = new Float64Array(entries * groups);
  for (let e = 0; e < entries; e++) {
    for (let j = 0; j < columns; j++) {
      result[e * groups + Math.floor(j / width)] +=
        a[rowOf[e] * columns + j] * b[columnOf[e] * columns + j];
    }
  }
  return result;
}

/** Kept between evaluations: finite differences ask for the same mask thousands of times. */
let pool: Uint8Array = new Uint8Array(0);

function mask({ rate, shape }: Mask, offset: number): Float64Array {
  const size = shape[0] * shape[1];
  if (pool.length < offset + size) pool = maskPool(size);
  const [threshold, scale] = [maskThreshold(rate), maskScale(rate)];
  return Float64Array.from({ length: size }, (_, i) => (pool[offset + i] < threshold ? 0 : scale));
}

function binary(node: Binary, a: Float64Array, b: Float64Array): Float64Array {
  const [rows, columns] = node.shape;
  const at = (data: Float64Array, { shape }: Expression, i: number, j: number) =>
    data[(shape[0] === 1 ? 0 : i) * shape[1] + (shape[1] === 1 ? 0 : j)];
  return Float64Array.from({ length: rows * columns }, (_, position) => {
    const i = Math.floor(position / columns);
    const j = position % columns;
    return BINARY[node.operation](at(a, node.a, i, j), at(b, node.b, i, j));
  });
}

/** Evaluates `root` in float64. @throws {Error} when an input was not fed. */
export function evaluate(root: Expression, feeds: ReferenceFeeds): Float64Array {
  const values = new Map<Expression, Float64Array>();
  const of = (operand: Expression) => values.get(operand) as Float64Array;
  function feedOf(name: string): Float64Array | Int32Array {
    const value = feeds[name];
    if (value === undefined) throw new Error(`Input '${name}' was not fed`);
    return value;
  }
  const indicesOf = (indices: Int32Array | IndexInput) =>
    indices instanceof Int32Array ? indices : (feedOf(indices.name) as Int32Array);

  function visit(node: Expression): Float64Array {
    const [rows, columns] = node.shape;
    switch (node.kind) {
      case 'input':
        return feedOf(node.name) as Float64Array;
      case 'constant':
        return Float64Array.from(node.data);
      case 'matmul':
        return matmul(node, of(node.a), of(node.b));
      case 'sparse-matmul':
        return sparseMatmul(node, node.values && of(node.values), of(node.b));
      case 'sampled-dot':
        return sampledDot(node, of(node.a), of(node.b));
      case 'mask':
        return mask(node, feedOf(node.name)[0]);
      case 'binary':
        return binary(node, of(node.a), of(node.b));
      case 'unary':
        return of(node.a).map(UNARY[node.operation]);
      case 'sum': {
        const result = new Float64Array(rows * columns);
        const width = node.a.shape[1];
        of(node.a).forEach((value, i) => {
          result[node.axis === 0 ? i % width : Math.floor(i / width)] += value;
        });
        return result;
      }
      case 'maximum': {
        const result = new Float64Array(rows * columns).fill(-Infinity);
        const width = node.a.shape[1];
        of(node.a).forEach((value, i) => {
          const at = node.axis === 0 ? i % width : Math.floor(i / width);
          result[at] = Math.max(result[at], value);
        });
        return result;
      }
      case 'gather-rows': {
        const result = new Float64Array(rows * columns);
        indicesOf(node.indices).forEach((source, i) => {
          result.set(of(node.a).subarray(source * columns, (source + 1) * columns), i * columns);
        });
        return result;
      }
      case 'scatter-rows': {
        const result = new Float64Array(rows * columns);
        indicesOf(node.indices).forEach((target, i) => {
          for (let j = 0; j < columns; j++) {
            result[target * columns + j] += of(node.a)[i * columns + j];
          }
        });
        return result;
      }
    }
  }

  for (const node of topologicalOrder([root])) values.set(node, visit(node));
  return of(root);
}
