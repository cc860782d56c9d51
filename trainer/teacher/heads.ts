// Matrices that lay attention heads side by side: head h owns columns h·U .. h·U + U − 1.
import { constant, type Expression, gatherRows, multiply } from '../autodiff/index.ts';

export interface Heads {
  readonly heads: number;
  /** Units U of one head. */
  readonly units: number;
}

function filled(
  rows: number,
  columns: number,
  value: (i: number, j: number) => number,
): Expression {
  const at = (_: unknown, k: number) => value(Math.floor(k / columns), k % columns);
  return constant(Float32Array.from({ length: rows * columns }, at), [rows, columns]);
}

/** [H·U, H], 1 where a column belongs to a head: h · this sums over the units of each head. */
export const headOfColumn = ({ heads, units }: Heads): Expression =>
  filled(heads * units, heads, (column, head) => (Math.floor(column / units) === head ? 1 : 0));

/** [H·U, U] that averages the heads of [N, H·U] into [N, U]. */
export const averageHeads = ({ heads, units }: Heads): Expression =>
  filled(heads * units, units, (column, unit) => (column % units === unit ? 1 / heads : 0));

/** One vector per head, [U, H], to the block-diagonal [H·U, H]. */
export function blockDiagonal(vectors: Expression, { heads, units }: Heads): Expression {
  const repeated = Int32Array.from({ length: heads * units }, (_, column) => column % units);
  return multiply(gatherRows(vectors, repeated), headOfColumn({ heads, units }));
}

/** [H, 2H] to every other column from `first`, and the ones of the columns between, [1, 2H]. */
export function interleaveWithOnes(heads: number, first: 0 | 1) {
  return {
    place: filled(heads, 2 * heads, (head, column) => (column === 2 * head + first ? 1 : 0)),
    ones: filled(1, 2 * heads, (_, column) => (column % 2 === first ? 0 : 1)),
  };
}
