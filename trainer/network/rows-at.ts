// Some rows of a row-major matrix.

/** Rows of `matrix` [n, columns] at `nodes`, in their order. */
export function rowsAt(
  matrix: Float32Array,
  columns: number,
  nodes: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(nodes.length * columns);
  for (let i = 0; i < nodes.length; i++) {
    rows.set(matrix.subarray(nodes[i] * columns, (nodes[i] + 1) * columns), i * columns);
  }
  return rows;
}
