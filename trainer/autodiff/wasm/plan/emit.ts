// The kernel call of every primitive.
import type { Binary, Expression, RowIndices, SparsePattern } from '../../expression.ts';
import { maskScale, maskThreshold } from '../../mask.ts';
import { emitScatter, emitSparse } from './emit-sparse.ts';
import { type Argument, FROM, type Instruction, rowsTimes, TO } from './instruction.ts';
import { call, type Places } from './places.ts';

function emitBinary(node: Binary, places: Places): Instruction {
  const [rows, columns] = node.shape;
  const operand = (a: Expression) => {
    const streams = a.shape[0] === rows;
    return {
      address: streams ? places.rows(a) : places.whole(a),
      stride: streams ? a.shape[1] : 0,
      splat: Number(a.shape[1] === 1 && columns !== 1),
    };
  };
  const [a, b] = [operand(node.a), operand(node.b)];
  // One column: a column against a single value is a row against a broadcast one.
  if (columns === 1 && rows !== 1) {
    const one = [Number(node.a.shape[0] === 1), Number(node.b.shape[0] === 1)];
    const flat = [1, rowsTimes(1), 0, 0, ...one] as const;
    return call(node.operation, places.result(node), a.address, b.address, ...flat);
  }
  const shape = [rowsTimes(1), columns, a.stride, b.stride, a.splat, b.splat] as const;
  return call(node.operation, places.result(node), a.address, b.address, ...shape);
}

function fedIndices(indices: RowIndices, { leaves }: Places): Argument {
  return { base: leaves.indices(indices), fromScale: 4 };
}

/** @returns nothing for leaves, which need no computation. */
export function emit(node: Expression, places: Places): Instruction | undefined {
  const { rows, whole, transposed, result, leaves } = places;
  const columns = node.shape[1];
  switch (node.kind) {
    case 'input':
    case 'constant':
      return undefined;
    case 'matmul': {
      const inner = node.a.shape[1];
      if (!node.transposeA) {
        const b = node.transposeB ? transposed(node.b) : whole(node.b);
        return call('matmul', result(node), rows(node.a), b, rowsTimes(1), inner, columns);
      }
      // A transposed copy of b has as many rows as a.
      const b = node.transposeB ? { ...transposed(node.b), fromScale: 4 * columns } : rows(node.b);
      return call('matmulTransposed', result(node), rows(node.a), b, rowsTimes(1), inner, columns);
    }
    case 'sparse-matmul':
      return emitSparse(node, places);
    case 'sampled-dot': {
      const { rowOf, columnOf }: SparsePattern = node.pattern;
      const [a, b] = [whole(node.a), whole(node.b)];
      const ends = [leaves.constant(rowOf), leaves.constant(columnOf)] as const;
      return call('sampledDot', result(node), ...ends, a, b, node.a.shape[1], columns, FROM, TO);
    }
    case 'mask': {
      const fed = leaves.maskOffset(node.name, node.shape[0] * columns);
      const pool = { base: places.pool, fromScale: columns, fed };
      const { rate } = node;
      const limits = [maskThreshold(rate), maskScale(rate)] as const;
      return call('mask', result(node), pool, rowsTimes(columns), ...limits);
    }
    case 'binary':
      return emitBinary(node, places);
    case 'unary':
      return call(node.operation, result(node), rows(node.a), rowsTimes(columns));
    case 'sum':
    case 'maximum': {
      const over = node.axis === 0 ? 'Rows' : 'Columns';
      const shape = [rowsTimes(1), node.a.shape[1]] as const;
      return call(`${node.kind}${over}`, result(node), rows(node.a), ...shape);
    }
    case 'gather-rows': {
      const indices = fedIndices(node.indices, places);
      return call('gatherRows', result(node), whole(node.a), indices, rowsTimes(1), columns);
    }
    case 'scatter-rows': {
      if (node.indices instanceof Int32Array) {
        return emitScatter(node, node.indices, places);
      }
      const indices = fedIndices(node.indices, places);
      return call('scatterRows', result(node), rows(node.a), indices, rowsTimes(1), columns);
    }
  }
}

/** Multiply-accumulates or the like of one node, to weigh strips against the cost of threads. */
export function workOf(node: Expression): number {
  const size = node.shape[0] * node.shape[1];
  switch (node.kind) {
    case 'matmul':
      return size * (node.transposeA ? node.a.shape[0] : node.a.shape[1]);
    case 'sparse-matmul':
      return node.pattern.rowOf.length * node.shape[1];
    case 'sampled-dot':
      return node.pattern.rowOf.length * node.a.shape[1];
    case 'sum':
    case 'maximum':
      return node.a.shape[0] * node.a.shape[1];
    default:
      return size;
  }
}
