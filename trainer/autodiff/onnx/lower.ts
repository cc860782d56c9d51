// Expressions to an ONNX graph, one rule per primitive; only operators that both the CPU and
// the CUDA provider have, and only those that add in a fixed order on either.
import { DATA_TYPE } from '../../onnx/model.ts';
import {
  type Expression,
  type Mask,
  type RowIndices,
  type SampledDot,
  type ScatterRows,
  type SparseMatMul,
  topologicalOrder,
} from '../expression.ts';
import { maskPool, maskScale, maskThreshold } from '../mask.ts';
import { addRows } from './add-rows.ts';
import { dependsOnInputs } from './depends-on-inputs.ts';
import type { GraphWriter } from './graph-writer.ts';
import { LARGEST_INTERMEDIATE, ranges } from './limits.ts';
import { rowSums } from './row-sums.ts';

const BINARY = { add: 'Add', subtract: 'Sub', multiply: 'Mul', divide: 'Div' } as const;
const UNARY = { exp: 'Exp', log: 'Log', sqrt: 'Sqrt', relu: 'Relu' } as const;

/**
 * Writes nodes that compute `roots`; every matrix is two-dimensional. Matrices are fed as float32,
 * row indices and mask offsets ([1]) as int64.
 *
 * @returns the name of each root's value.
 */
export function lowerInto(writer: GraphWriter, roots: readonly Expression[]): string[] {
  const order = topologicalOrder(roots);
  const depends = dependsOnInputs(order);
  const names = new Map<Expression, string>();
  const nameOf = (operand: Expression) => names.get(operand) as string;

  function nameOfIndices(indices: RowIndices): string {
    if (indices instanceof Int32Array) return writer.indices(indices, [indices.length]);
    return writer.input({ name: indices.name, type: 'int64', dims: [indices.count] });
  }

  function sparseProduct({ pattern, values, b, transpose, shape }: SparseMatMul): string {
    const [targetOf, sourceOf] = transpose
      ? [pattern.columnOf, pattern.rowOf]
      : [pattern.rowOf, pattern.columnOf];
    return addRows({
      writer,
      sums: rowSums(targetOf, shape[0]),
      source: nameOf(b),
      columns: shape[1],
      sourceOf,
      weights: values && { expression: values, name: nameOf(values) },
    });
  }

  function sampledDot({ pattern, a, b, shape }: SampledDot): string {
    const [entries, groups] = shape;
    const columns = a.shape[1];
    const gather = (from: Expression, rows: Int32Array) =>
      writer.emit('Gather', [nameOf(from), writer.indices(rows, [rows.length])], { axis: 0 });
    const parts = ranges(entries, LARGEST_INTERMEDIATE / columns).map(({ start, end }) => {
      const products = writer.emit('Mul', [
        gather(a, pattern.rowOf.subarray(start, end)),
        gather(b, pattern.columnOf.subarray(start, end)),
      ]);
      if (groups === 1) return sumColumns(products, 1);
      const grouped = writer.reshape(products, [end - start, groups, columns / groups]);
      return reduceSum(grouped, 2, 0);
    });
    return writer.concatenate(parts);
  }

  /** Over the last axis, which CUDA adds in a fixed order; over the first it uses atomics. */
  const reduceSum = (name: string, axis: number, keepdims: 0 | 1) =>
    writer.emit('ReduceSum', [name, writer.integers([axis])], { keepdims });
  const sumColumns = (name: string, axis: 1) => reduceSum(name, axis, 1);

  /** onesᵀ · a. */
  function sumOfRows(name: string, count: number): string {
    const ones = writer.once(`ones ${count}`, () =>
      writer.floats(new Float32Array(count).fill(1), [count, 1]),
    );
    return writer.emit('Gemm', [ones, name], { transA: 1 });
  }

  function scatterRows({ a, indices, shape }: ScatterRows): string {
    const [rows, columns] = shape;
    if (indices instanceof Int32Array) {
      return addRows({ writer, sums: rowSums(indices, rows), source: nameOf(a), columns });
    }
    // Fed rows collide in ways that no plan knows: a product with their one-hot matrix adds them.
    const chosen = writer.emit('Cast', [writer.reshape(nameOfIndices(indices), [1, -1])], {
      to: DATA_TYPE.int32,
    });
    const parts = ranges(rows, LARGEST_INTERMEDIATE / indices.count).map(({ start, end }) => {
      const numbers = Int32Array.from({ length: end - start }, (_, i) => start + i);
      const equal = writer.emit('Equal', [writer.indices(numbers, [numbers.length, 1]), chosen]);
      const oneHot = writer.emit('Cast', [equal], { to: DATA_TYPE.float });
      return writer.emit('Gemm', [oneHot, nameOf(a)]);
    });
    return writer.concatenate(parts);
  }

  /** One pool for all masks, as long as the largest needs. */
  function poolOfMasks(): string {
    const sizes = order.map(({ kind, shape }) => (kind === 'mask' ? shape[0] * shape[1] : 0));
    return writer.once('mask pool', () => {
      const pool = maskPool(Math.max(...sizes));
      return writer.bytes(pool, [pool.length]);
    });
  }

  function maskOf({ name, rate, shape }: Mask): string {
    const offset = writer.input({ name, type: 'int64', dims: [1] });
    const end = writer.emit('Add', [offset, writer.integers([shape[0] * shape[1]])]);
    const bytes = writer.emit('Slice', [poolOfMasks(), offset, end, writer.integers([0])]);
    // Neither provider compares bytes.
    const drawn = writer.emit('Cast', [writer.reshape(bytes, shape)], { to: DATA_TYPE.float });
    const dropped = writer.emit('Less', [drawn, writer.scalar(maskThreshold(rate))]);
    return writer.emit('Where', [dropped, writer.scalar(0), writer.scalar(maskScale(rate))]);
  }

  function visit(node: Expression): string {
    switch (node.kind) {
      case 'input':
        return writer.input({ name: node.name, type: 'float', dims: node.shape });
      case 'constant':
        return writer.floats(node.data, node.shape);
      case 'matmul':
        return writer.emit('Gemm', [nameOf(node.a), nameOf(node.b)], {
          transA: Number(node.transposeA),
          transB: Number(node.transposeB),
        });
      case 'sparse-matmul':
        return sparseProduct(node);
      case 'sampled-dot':
        return sampledDot(node);
      case 'mask':
        return maskOf(node);
      case 'binary':
        return writer.emit(BINARY[node.operation], [nameOf(node.a), nameOf(node.b)]);
      case 'unary':
        if (node.operation !== 'step') return writer.emit(UNARY[node.operation], [nameOf(node.a)]);
        return writer.emit('Sign', [writer.emit('Relu', [nameOf(node.a)])]);
      case 'sum':
        return node.axis === 0
          ? sumOfRows(nameOf(node.a), node.a.shape[0])
          : sumColumns(nameOf(node.a), node.axis);
      case 'maximum':
        return writer.emit('ReduceMax', [nameOf(node.a)], { axes: [node.axis], keepdims: 1 });
      case 'gather-rows':
        return writer.emit('Gather', [nameOf(node.a), nameOfIndices(node.indices)], { axis: 0 });
      case 'scatter-rows':
        return scatterRows(node);
    }
  }

  for (const node of order) {
    const write = () => visit(node);
    names.set(node, depends.has(node) ? write() : writer.fixed(write));
  }
  return roots.map(nameOf);
}
