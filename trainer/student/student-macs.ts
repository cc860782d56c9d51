// What one student costs on one node.

export interface StudentMacsOptions {
  /** Columns of x that a row feeds into the first layer: the non-zeros where x is sparse. */
  readonly columns: number;
  /** Units of the predecessors that the first layer reads; 0 for the first student. */
  readonly reads: number;
  /** Units of the student's own hidden layers. */
  readonly widths: readonly number[];
  /** Units that the head reads. */
  readonly headInputs: number;
  readonly classes: number;
}

/** Multiply-accumulates of one student alone, for a row of `columns` non-zeros. */
export function studentMacs(options: StudentMacsOptions): number {
  const { columns, reads, widths, headInputs, classes } = options;
  return widths.reduce(
    (sum, width, l) => sum + width * (l === 0 ? columns + reads : widths[l - 1]),
    headInputs * classes,
  );
}
