// Rows of a sparse matrix as the field's files hold them → ascending, one entry a column.
import type { SparseFloatRows } from '@dandan/shared/kernel';
import type { CsrMatrix } from './read-csr.ts';

function isAscending(indices: Int32Array, begin: number, end: number): boolean {
  for (let e = begin + 1; e < end; e++) if (indices[e] <= indices[e - 1]) return false;
  return true;
}

/** Sorts every row, adds up repeated columns as SciPy does, and leaves out zeros. */
export function sortRows(matrix: CsrMatrix): SparseFloatRows {
  const { rows: count, columns: width } = matrix;
  const indices = new Int32Array(matrix.indices.length);
  const values = new Float32Array(indices.length);
  const offsets = new Int32Array(count + 1);
  let kept = 0;
  for (let row = 0; row < count; row++) {
    const [begin, end] = [matrix.offsets[row], matrix.offsets[row + 1]];
    const order = Array.from({ length: end - begin }, (_, i) => begin + i);
    if (!isAscending(matrix.indices, begin, end)) {
      order.sort((a, b) => matrix.indices[a] - matrix.indices[b]);
    }
    for (const e of order) {
      if (kept > offsets[row] && indices[kept - 1] === matrix.indices[e]) {
        values[kept - 1] += matrix.values[e];
      } else if (matrix.values[e] !== 0) {
        indices[kept] = matrix.indices[e];
        values[kept++] = matrix.values[e];
      }
    }
    offsets[row + 1] = kept;
  }
  return {
    count,
    width,
    offsets,
    indices: indices.subarray(0, kept),
    values: values.subarray(0, kept),
  };
}
