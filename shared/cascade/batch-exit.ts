// The paper's own early exit (ProGMLP Eq. 9–10): a whole batch stops at once, at the first
// student that is confident on average.
import { expNegative } from '../kernel/index.ts';

/** The paper's search finds τ_conf without influence. */
export const DEFAULT_BATCH_THRESHOLD = 0.9;

export interface BatchExitOptions {
  /** Per student, float32 [rows, classes]: softmax(P_j / T_j) of every row. */
  readonly probabilities: readonly Float32Array[];
  readonly classes: number;
  /** τ_conf, 0..1: stop at the first student whose mean confidence is above it. */
  readonly threshold: number;
}

export interface BatchExit {
  /** 1-based stage at which the batch stops: the last one where no student is confident. */
  readonly stage: number;
  /** c_1..c_k of the students that ran: mean over the rows of the largest probability. */
  readonly confidence: readonly number[];
  /** int32 [rows]: argmax of Σ w_j P_j; the lowest index wins a tie. */
  readonly classes: Int32Array;
  /** float32 [rows]: the largest of Σ w_j P_j, 0..1. */
  readonly rowConfidence: Float32Array;
}

function meanLargest(probabilities: Float32Array, classes: number): number {
  const rows = probabilities.length / classes;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let largest = 0;
    for (let c = 0; c < classes; c++) {
      largest = Math.max(largest, probabilities[i * classes + c]);
    }
    sum += largest;
  }
  return rows === 0 ? 0 : sum / rows;
}

/** Whether a batch stops at a stage with these probabilities, float32 [rows, classes] (Eq. 9). */
export const isConfident = (
  probabilities: Float32Array,
  classes: number,
  threshold: number,
): boolean => meanLargest(probabilities, classes) > threshold;

/**
 * Runs students until c_k > τ_conf and answers P = Σ_{j≤k} w_j P_j with w = softmax(c_1..c_k).
 * The paper writes P_j for logits in Eq. 2 and mixes "outputs" in Eq. 10; probabilities are
 * mixed here, as in per-node exit, so that a student of large logits has no larger say.
 */
export function batchExit({ probabilities, classes, threshold }: BatchExitOptions): BatchExit {
  const mixed = new Float64Array(probabilities[0].length);
  const confidence: number[] = [];
  let weights = 0;
  for (const student of probabilities) {
    const mean = meanLargest(student, classes);
    confidence.push(mean);
    // Softmax up to a factor common to all students, which no argmax sees.
    const weight = expNegative(Math.fround(mean - 1));
    weights += weight;
    for (let at = 0; at < mixed.length; at++) mixed[at] += weight * student[at];
    if (mean > threshold) break;
  }
  const answers = new Int32Array(mixed.length / classes);
  const rowConfidence = new Float32Array(answers.length);
  for (let i = 0; i < answers.length; i++) {
    for (let c = 1; c < classes; c++) {
      if (mixed[i * classes + c] > mixed[i * classes + answers[i]]) answers[i] = c;
    }
    rowConfidence[i] = mixed[i * classes + answers[i]] / weights;
  }
  return { stage: confidence.length, confidence, classes: answers, rowConfidence };
}
