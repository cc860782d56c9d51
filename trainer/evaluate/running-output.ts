// The float32 cascade's running output, to measure what quantisation changes.
import { argmaxRow } from '../metrics/accuracy.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';

/**
 * argmax of q_K = Σ_j w_j softmax(P_j / T_j), w = softmax(c_1..c_K), c_j = max softmax.
 *
 * @param logits per stage, float32 [N, classes].
 */
export function runningClasses(
  logits: readonly Float32Array[],
  temperatures: readonly number[],
  classes: number,
  nodes: Int32Array,
): Int32Array {
  return nodes.map((node) => {
    const mixed = new Float32Array(classes);
    logits.forEach((matrix, stage) => {
      const row = matrix.subarray(node * classes, (node + 1) * classes);
      const probabilities = softmaxRow(row, temperatures[stage]);
      const weight = Math.exp(Math.max(...probabilities));
      probabilities.forEach((p, c) => {
        mixed[c] += weight * p;
      });
    });
    return argmaxRow(mixed, classes, 0);
  });
}
