// Classes of a growing ensemble: what E-GLNN and AdaGMLP answer after k students.

import { argmaxRow } from '../metrics/accuracy.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';

export interface EnsembleOptions {
  /** Per student, float32 [N, classes]. */
  readonly logits: readonly Float32Array[];
  readonly classes: number;
  /** Weight of each student, above 0. @default {equal} */
  readonly weights?: readonly number[];
}

/**
 * argmax_c Σ_{j≤k} a_j softmax(P_j)_c for every k.
 *
 * @returns per number of students k an int32 [N].
 */
export function ensembleClasses(options: EnsembleOptions): Int32Array[] {
  const { logits, classes, weights = logits.map(() => 1) } = options;
  const count = logits[0].length / classes;
  const sum = new Float32Array(logits[0].length);
  return logits.map((matrix, student) => {
    for (let i = 0; i < count; i++) {
      const row = matrix.subarray(i * classes, (i + 1) * classes);
      softmaxRow(row, 1).forEach((p, c) => {
        sum[i * classes + c] += weights[student] * p;
      });
    }
    return Int32Array.from({ length: count }, (_, i) => argmaxRow(sum, classes, i));
  });
}
