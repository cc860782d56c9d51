// Principal components of standardised rows.
import { symmetricEigenvectors } from '../../../history/positions/symmetric-eigenvectors.ts';
import type { Readings } from './detector.ts';

export interface Component {
  /** Variance along it. */
  readonly variance: number;
  /** Of length 1; [channels]. */
  readonly direction: Float64Array;
}

/** Of the covariance of `rows`, whose mean must be 0; largest variance first. */
export function principalComponents(rows: Readings): Component[] {
  const width = rows[0].length;
  const covariance = new Float64Array(width * width);
  for (const row of rows) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        covariance[i * width + j] += (row[i] * row[j]) / (rows.length - 1);
      }
    }
  }
  const { values, vectors } = symmetricEigenvectors(covariance, width);
  return Array.from(values, (variance, i) => ({
    variance,
    direction: vectors.slice(i * width, (i + 1) * width),
  })).reverse();
}

export const along = (row: Float64Array, { direction }: Component): number =>
  row.reduce((sum, value, j) => sum + value * direction[j], 0);
