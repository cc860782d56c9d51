// How good the first students of a cascade are together, on the validation nodes.
import { fitTemperature } from '../certify/temperature.ts';
import { argmaxRow, type ClassWeights } from '../metrics/accuracy.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';
import { rowsAt } from '../network/rows-at.ts';

export interface ScoreOptions {
  /** Per student, float32 [N, classes]. */
  readonly logits: readonly Float32Array[];
  readonly classes: number;
  readonly labels: Int32Array;
  /** Validation nodes. */
  readonly nodes: Int32Array;
  /** What a node of each class counts. */
  readonly classWeights?: ClassWeights;
}

export interface Score {
  /** Of the running output, 0..1. */
  readonly accuracy: number;
  /** Mean −log likelihood of the running output. */
  readonly loss: number;
}

/** A likelihood of 0 would make the mean infinite; float32 logits cannot mean less than this. */
const LEAST_LIKELIHOOD = 1e-12;

/**
 * The running output q = Σ_j w_j softmax(P_j / T_j), w = softmax(c_1..c_k), c_j = max softmax
 * (ProGMLP Eq. 10, per node), with each T_j fitted on the same nodes as in the bundle.
 */
export function scoreStages(options: ScoreOptions): Score {
  const { logits, classes, labels, nodes, classWeights } = options;
  const own = Int32Array.from(nodes.keys());
  const truth = Int32Array.from(nodes, (node) => labels[node]);
  const mixed = new Float32Array(nodes.length * classes);
  const weights = new Float64Array(nodes.length);
  for (const matrix of logits) {
    const temperature = fitTemperature({ logits: matrix, classes, labels, nodes, classWeights });
    const rows = rowsAt(matrix, classes, nodes);
    for (const i of own) {
      const row = rows.subarray(i * classes, (i + 1) * classes);
      const probabilities = softmaxRow(row, temperature);
      const weight = Math.exp(Math.max(...probabilities));
      weights[i] += weight;
      probabilities.forEach((p, c) => {
        mixed[i * classes + c] += weight * p;
      });
    }
  }
  let [correct, loss, total] = [0, 0, 0];
  for (const i of own) {
    const weight = classWeights?.[truth[i]] ?? 1;
    const likelihood = mixed[i * classes + truth[i]] / weights[i];
    if (argmaxRow(mixed, classes, i) === truth[i]) correct += weight;
    loss -= weight * Math.log(Math.max(LEAST_LIKELIHOOD, likelihood));
    total += weight;
  }
  return { accuracy: correct / total, loss: loss / total };
}
