// Entry lists of sparse matrices in row order, for either transposition.
import type { RowIndices, SparsePattern } from '../../expression.ts';

export interface CsrPattern {
  /** int32 [rows + 1]. */
  readonly offsets: Int32Array;
  /** int32 [entries]: column of every position. */
  readonly indices: Int32Array;
  /** int32 [entries]: entry of every position, or `undefined` where entries are in order. */
  readonly order: Int32Array | undefined;
}

const inOrder = new WeakMap<SparsePattern, boolean>();

/** Whether the entries of a pattern are listed row by row. */
export function isInOrder(pattern: SparsePattern): boolean {
  const known = inOrder.get(pattern);
  if (known !== undefined) return known;
  const sorted = isSorted(pattern.rowOf);
  inOrder.set(pattern, sorted);
  return sorted;
}

function isSorted(rowOf: Int32Array): boolean {
  for (let e = 1; e < rowOf.length; e++) if (rowOf[e - 1] > rowOf[e]) return false;
  return true;
}

/** Stable: within a row, entries keep the order of the pattern. */
export function csrOf(rows: number, rowOf: Int32Array, columnOf: Int32Array): CsrPattern {
  const offsets = new Int32Array(rows + 1);
  for (const row of rowOf) offsets[row + 1]++;
  for (let row = 0; row < rows; row++) offsets[row + 1] += offsets[row];
  if (isSorted(rowOf)) return { offsets, indices: columnOf, order: undefined };
  const next = offsets.slice(0, rows);
  const indices = new Int32Array(rowOf.length);
  const order = new Int32Array(rowOf.length);
  for (let e = 0; e < rowOf.length; e++) {
    const position = next[rowOf[e]]++;
    indices[position] = columnOf[e];
    order[position] = e;
  }
  return { offsets, indices, order };
}

const forward = new WeakMap<SparsePattern, CsrPattern>();
const backward = new WeakMap<SparsePattern, CsrPattern>();

/** S, or Sᵀ, of a pattern; made once for each. */
export function csrOfPattern(pattern: SparsePattern, transpose: boolean): CsrPattern {
  const cache = transpose ? backward : forward;
  const known = cache.get(pattern);
  if (known) return known;
  const { rows, columns, rowOf, columnOf } = pattern;
  const made = transpose ? csrOf(columns, columnOf, rowOf) : csrOf(rows, rowOf, columnOf);
  cache.set(pattern, made);
  return made;
}

const scatters = new WeakMap<Int32Array, CsrPattern>();

/** The matrix that adds row i of its operand to row indices[i] of `rows`. */
export function csrOfScatter(indices: RowIndices & Int32Array, rows: number): CsrPattern {
  const known = scatters.get(indices);
  if (known && known.offsets.length === rows + 1) return known;
  const made = csrOf(
    rows,
    indices,
    Int32Array.from(indices, (_, i) => i),
  );
  scatters.set(indices, made);
  return made;
}

const ordered = new WeakMap<Int32Array, WeakMap<Float32Array, Float32Array>>();

/** Constant values [entries, 1] in the order of the CSR positions; made once for each. */
export function valuesInOrder(values: Float32Array, { order }: CsrPattern): Float32Array {
  if (!order) return values;
  const known = ordered.get(order) ?? new WeakMap<Float32Array, Float32Array>();
  ordered.set(order, known);
  const made = known.get(values) ?? Float32Array.from(order, (entry) => values[entry]);
  known.set(values, made);
  return made;
}
