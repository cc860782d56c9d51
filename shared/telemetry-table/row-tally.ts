// Counts of what the rows of one file held.

export interface RowTally {
  rows: number;
  refusedRows: number;
  readings: number;
  firstTime: number;
  lastTime: number;
  outOfOrder: number;
  /** By column: cells without a value, and with something else than they should hold. */
  readonly missing: Uint32Array;
  readonly refused: Uint32Array;
}

export function createRowTally(columns: number): RowTally {
  return {
    rows: 0,
    refusedRows: 0,
    readings: 0,
    firstTime: Number.POSITIVE_INFINITY,
    lastTime: Number.NEGATIVE_INFINITY,
    outOfOrder: 0,
    missing: new Uint32Array(columns),
    refused: new Uint32Array(columns),
  };
}
