// Temperature scaling (Guo et al. 2017, §4.2): one T per stage, fitted on validation NLL.

import { type ClassWeights, crossEntropyOf } from '../metrics/accuracy.ts';
import { rowsAt } from '../network/rows-at.ts';

export interface FitTemperatureOptions {
  /** float32 [N, classes]. */
  readonly logits: Float32Array;
  readonly classes: number;
  readonly labels: Int32Array;
  /** Validation nodes. */
  readonly nodes: Int32Array;
  /** What a node of each class counts. */
  readonly classWeights?: ClassWeights;
}

/** T outside e^±3 would say that the logits are no evidence at all, or a certainty. */
const LOG_RANGE = 3;
/** Golden-section steps: 40 shrink the range by 4e-9. */
const STEPS = 40;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The T > 0 that minimises the NLL of softmax(logits / T) on `nodes`; 1 without nodes. */
export function fitTemperature(options: FitTemperatureOptions): number {
  const { logits, classes, labels, nodes, classWeights } = options;
  if (nodes.length === 0) return 1;
  const rows = rowsAt(logits, classes, nodes);
  const rowLabels = nodes.map((node) => labels[node]);
  const everyRow = nodes.map((_, i) => i);
  const nll = (logTemperature: number) => {
    const factor = Math.exp(-logTemperature);
    const scaled = rows.map((value) => value * factor);
    return crossEntropyOf(scaled, classes, rowLabels, everyRow, classWeights);
  };
  let low = -LOG_RANGE;
  let high = LOG_RANGE;
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let nllLeft = nll(left);
  let nllRight = nll(right);
  for (let i = 0; i < STEPS; i++) {
    if (nllLeft < nllRight) {
      high = right;
      right = left;
      nllRight = nllLeft;
      left = high - GOLDEN * (high - low);
      nllLeft = nll(left);
    } else {
      low = left;
      left = right;
      nllLeft = nllRight;
      right = low + GOLDEN * (high - low);
      nllRight = nll(right);
    }
  }
  return Math.exp((low + high) / 2);
}
