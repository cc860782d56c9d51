// Detectors that learn what is normal from the first rows of a run and raise an alarm where a row
// is not: the simple baselines of anomaly benchmarks.
import type { Random } from '@dandan/shared/random';

/** Rows of one run, channel by channel; [rows][channels]. */
export type Readings = readonly Float64Array[];

export interface Detector {
  readonly name: string;
  /** Fits on rows that are taken for normal. @returns how abnormal a row is; higher is more. */
  fit(normal: Readings, random: Random): (row: Float64Array) => number;
}

/** One of two hundred rows of the fit may lie above the limit, as a control chart has it. */
const FALSE_ALARM_SHARE = 0.005;

/** Rows of a run that the detector fits, as the Skoltech benchmark has it. */
export const FIT_ROWS = 400;

/** Alarms of one run, 0 or 1 per row; the limit is a quantile of the scores of the fit. */
export function raiseAlarms(detector: Detector, rows: Readings, random: Random): Uint8Array {
  const normal = rows.slice(0, FIT_ROWS);
  const score = detector.fit(normal, random);
  const scores = Float64Array.from(normal, score).sort();
  const limit = scores[Math.floor((1 - FALSE_ALARM_SHARE) * (scores.length - 1))];
  return Uint8Array.from(rows, (row) => (score(row) > limit ? 1 : 0));
}
