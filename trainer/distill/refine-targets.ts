// What the students are to learn, made better than the teacher by the graph: predictions and
// labels spread over the edges. Only training reads edges; a student answers from x alone.
import type { Adjacency } from '../graph/graph-data.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';

export interface RefineTargetsOptions {
  /** The graph that training may see. */
  readonly adjacency: Adjacency;
  /** float32 [N, classes], rows that sum to 1. */
  readonly probabilities: Float32Array;
  readonly classes: number;
  readonly labels: Int32Array;
  /** Nodes whose label is known: their row starts, and is pulled back, as their label. */
  readonly train: Int32Array;
  /** Spreading steps; 0 leaves everything as it is. */
  readonly steps: number;
  /** Share of the start that every step pulls back to, 0..1. */
  readonly restart: number;
}

/**
 * H ← (1 − r) D⁻¹(A + I) H + r H_0: personalised propagation of predictions (APPNP,
 * Gasteiger et al. 2019, Eq. 5) from the teacher's or the students' answers, with the training
 * labels put in first (Correct and Smooth, Huang et al. 2021).
 *
 * @returns float32 [N, classes], rows that sum to 1.
 */
export function refineTargets(options: RefineTargetsOptions): Float32Array {
  const { adjacency, probabilities, classes, labels, train, steps, restart } = options;
  if (steps === 0) return probabilities;
  const { nodeCount, offsets, indices } = adjacency;
  const start = probabilities.slice();
  for (const node of train) {
    start.fill(0, node * classes, (node + 1) * classes);
    start[node * classes + labels[node]] = 1;
  }
  let current = start;
  const sums = new Float64Array(classes);
  for (let step = 0; step < steps; step++) {
    const next = new Float32Array(start.length);
    for (let i = 0; i < nodeCount; i++) {
      const row = i * classes;
      for (let c = 0; c < classes; c++) sums[c] = current[row + c];
      for (let e = offsets[i]; e < offsets[i + 1]; e++) {
        const neighbour = indices[e] * classes;
        for (let c = 0; c < classes; c++) sums[c] += current[neighbour + c];
      }
      const share = (1 - restart) / (1 + offsets[i + 1] - offsets[i]);
      for (let c = 0; c < classes; c++) next[row + c] = share * sums[c] + restart * start[row + c];
    }
    current = next;
  }
  return current;
}

/** Mean over matrices of logits of softmax, row by row; float32 [N, classes]. */
export function meanProbabilities(
  logits: readonly Float32Array[],
  classes: number,
): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(logits[0].length);
  for (const matrix of logits) {
    for (let begin = 0; begin < matrix.length; begin += classes) {
      softmaxRow(matrix.subarray(begin, begin + classes), 1).forEach((p, c) => {
        mean[begin + c] += p / logits.length;
      });
    }
  }
  return mean;
}

/** A probability below this says no more than this one, and its logarithm stays finite. */
const SMALLEST_PROBABILITY = 1e-8;

/** Logits whose softmax is `probabilities`. */
export const asLogits = (probabilities: Float32Array): Float32Array =>
  probabilities.map((p) => Math.log(Math.max(p, SMALLEST_PROBABILITY)));
