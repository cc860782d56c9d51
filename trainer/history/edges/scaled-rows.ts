// Rows in the space in which two windows are compared: that of the students' input codes.
import type { FloatRows } from '@dandan/shared/kernel';
import { dequantiseRows, fitInputQuantisation, quantiseFeatures } from '../../quantise/input.ts';

export interface ScaledRowsOptions {
  readonly rows: FloatRows;
  /** Columns that count, from the first on. */
  readonly columns: number;
  /** Nodes that set the scales. */
  readonly nodes: Int32Array;
}

function firstColumns({ count, width, values }: FloatRows, columns: number): FloatRows {
  if (columns === width) return { count, width, values };
  const kept = new Float32Array(count * columns);
  for (let row = 0; row < count; row++) {
    kept.set(values.subarray(row * width, row * width + columns), row * columns);
  }
  return { count, width: columns, values: kept };
}

/**
 * A column counts by its deviation and is cut where the codes are, so that no channel and no
 * outlier decides alone; a missing value stands at the middle.
 */
export function scaledRows({ rows, columns, nodes }: ScaledRowsOptions): FloatRows {
  const features = { kind: 'dense', rows: firstColumns(rows, columns) } as const;
  const input = fitInputQuantisation(features, nodes);
  const { values } = dequantiseRows(quantiseFeatures(features, input), input).rows;
  return { count: rows.count, width: columns, values };
}
