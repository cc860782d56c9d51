// How every primitive reads its operands: row by row, so that it can stream with them, or as
// a whole, so that they must be complete before it starts.
import type { Expression } from '../../expression.ts';
import { isInOrder } from './csr.ts';

export interface Read {
  readonly operand: Expression;
  /** `rows`: output row i needs row i only. */
  readonly how: 'rows' | 'whole';
}

/** Columns that a scattered product takes at a time: a cache line of float32. */
const TILE_COLUMNS = 16;

/** Sᵀ · b of a tall S: better scattered, tile of columns by tile of columns, than gathered. */
export function scatters(node: Expression): boolean {
  if (node.kind !== 'sparse-matmul' || !node.transpose) return false;
  const { pattern, values } = node;
  return pattern.columns < pattern.rows && (values?.shape[1] ?? 1) === 1 && isInOrder(pattern);
}

/** Results that are complete only after the strip: reductions over rows, scattered products. */
export const completesLate = (node: Expression) => accumulates(node) || scatters(node);

/** Reductions over the rows of their operands, with partial sums. */
export function accumulates(node: Expression): boolean {
  switch (node.kind) {
    case 'sum':
    case 'maximum':
      return node.axis === 0;
    case 'matmul':
      return node.transposeA;
    case 'scatter-rows':
      return !(node.indices instanceof Int32Array);
    default:
      return false;
  }
}

/** Number of rows a primitive runs over: its result's, those it reduces, or its tiles. */
export function domainOf(node: Expression): number {
  if (scatters(node)) return Math.ceil(node.shape[1] / TILE_COLUMNS);
  if (!accumulates(node)) return node.shape[0];
  return (node as { readonly a: Expression }).a.shape[0];
}

export function readsOf(node: Expression): readonly Read[] {
  const rows = (operand: Expression): Read => ({ operand, how: 'rows' });
  const whole = (operand: Expression): Read => ({ operand, how: 'whole' });
  switch (node.kind) {
    case 'input':
    case 'constant':
    case 'mask':
      return [];
    case 'matmul':
      return [rows(node.a), node.transposeA && !node.transposeB ? rows(node.b) : whole(node.b)];
    case 'sparse-matmul':
      return node.values ? [whole(node.values), whole(node.b)] : [whole(node.b)];
    case 'sampled-dot':
      return [whole(node.a), whole(node.b)];
    case 'gather-rows':
      return [whole(node.a)];
    case 'scatter-rows':
      return [node.indices instanceof Int32Array ? whole(node.a) : rows(node.a)];
    case 'binary': {
      const read = (operand: Expression) =>
        operand.shape[0] === node.shape[0] ? rows(operand) : whole(operand);
      return [read(node.a), read(node.b)];
    }
    case 'unary':
    case 'sum':
    case 'maximum':
      return [rows(node.a)];
  }
}
