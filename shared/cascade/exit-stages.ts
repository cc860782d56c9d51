// The rule of per-node exit: a node stops at the first stage whose running output
// is at least as confident as the stage's threshold.
import type { CascadeTrace } from './trace-cascade.ts';

/**
 * Thresholds as the float32 they are compared in: what JSON holds must not be stricter than
 * the confidences it came from. `null`, a stage that never stops a node, becomes ∞.
 */
export function exitLimits(thresholds: readonly (number | null)[]): Float32Array {
  return Float32Array.from(thresholds, (value) => value ?? Number.POSITIVE_INFINITY);
}

/**
 * Where traced nodes stop under `thresholds` λ_1..λ_{K−1}.
 *
 * @returns per row the 0-based index of the stage; the last stage stops every node.
 */
export function exitStages(
  { confidence }: CascadeTrace,
  thresholds: readonly (number | null)[],
): Uint8Array {
  const limits = exitLimits(thresholds);
  const last = confidence.length - 1;
  const stages = new Uint8Array(confidence[last].length);
  for (let i = 0; i < stages.length; i++) {
    let k = 0;
    while (k < last && confidence[k][i] < limits[k]) k++;
    stages[i] = k;
  }
  return stages;
}
