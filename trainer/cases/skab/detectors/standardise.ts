// Channels in their own deviations.
import type { Readings } from './detector.ts';

/** @returns what maps a row to (x − mean) / deviation, by the mean and deviation of `rows`. */
export function standardise(rows: Readings): (row: Float64Array) => Float64Array {
  const width = rows[0].length;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (const row of rows) for (let j = 0; j < width; j++) mean[j] += row[j] / rows.length;
  for (const row of rows) {
    for (let j = 0; j < width; j++) deviation[j] += (row[j] - mean[j]) ** 2 / rows.length;
  }
  return (row) =>
    row.map((value, j) => {
      const spread = Math.sqrt(deviation[j]);
      // A channel that never moved while the detector learnt has no deviation to count in.
      return spread > 0 ? (value - mean[j]) / spread : value - mean[j];
    });
}
