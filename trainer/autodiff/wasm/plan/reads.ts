// How every primitive reads its operands: row by row, so that it can stream with them, or as
// a whole, so that they must be complete before it starts.
import type { Expression } from '../../expression.ts';

export interface Read {
  readonly operand: Expression;
  /** `rows`: output row i needs row i only. */
  readonly how: 'rows' | 'whole';
}

/** Reductions over the rows of their operands: complete only after the last row. */
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

/** Number of rows a primitive runs over: its result's, or those it reduces. */
export function domainOf(node: Expression): number {
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
