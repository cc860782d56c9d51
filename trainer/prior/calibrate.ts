// Bias-corrected temperature scaling (Alexandari et al. 2020, arXiv 1901.06852): besides one
// temperature, one bias per class. Temperature alone leaves a classifier that favours a class
// favouring it, and what it says of unlabelled nodes is then no estimate of their classes.
import { softmaxRow } from '../metrics/softmax-row.ts';
import { solve } from './solve.ts';

export interface Calibration {
  /** 1 / T. */
  readonly slope: number;
  /** Added to the scaled logits; [C]. */
  readonly bias: Float64Array;
}

export interface CalibrateOptions {
  /** float32 [N, C]. */
  readonly logits: Float32Array;
  readonly classes: number;
  readonly labels: Int32Array;
  /** Validation nodes. */
  readonly nodes: Int32Array;
}

/**
 * Weight of the squared biases and of the squared distance of the slope from 1 beside the mean
 * NLL: 20 to 30 nodes a class say little of a class that is often confused. On Cora, Photo,
 * Computers and CS, 0 to 0.003 differ by less than 0.4 points of weighted validation accuracy;
 * 0.01 loses up to 0.9.
 */
const PENALTY = 0.003;
/** Newton's method is quadratic: on 106 sets of logits it took 4 to 12 iterations. */
const MAX_ITERATIONS = 50;
const TOLERANCE = 1e-10;
const SMALLEST_STEP = 1e-6;

/** slope · z + bias of one row. */
export function calibratedRow(
  row: Float32Array,
  { slope, bias }: Calibration,
  out: Float32Array = new Float32Array(row.length),
): Float32Array {
  for (let c = 0; c < row.length; c++) out[c] = slope * row[c] + bias[c];
  return out;
}

/** The NLL with its penalty, and, in the order slope, bias_1..bias_C, its derivatives. */
function objective(options: CalibrateOptions, at: Calibration) {
  const { logits, classes, labels, nodes } = options;
  const size = classes + 1;
  let value = 0;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const calibrated = new Float32Array(classes);
  for (const node of nodes) {
    const row = logits.subarray(node * classes, (node + 1) * classes);
    const p = softmaxRow(calibratedRow(row, at, calibrated), 1);
    const label = labels[node];
    value -= Math.log(Math.max(p[label], Number.MIN_VALUE));
    const mean = row.reduce((sum, z, c) => sum + p[c] * z, 0);
    gradient[0] += mean - row[label];
    for (let c = 0; c < classes; c++) {
      gradient[c + 1] += p[c] - (c === label ? 1 : 0);
      hessian[0] += p[c] * row[c] * (row[c] - mean);
      hessian[c + 1] += p[c] * (row[c] - mean);
      for (let d = 0; d <= c; d++) {
        hessian[(c + 1) * size + d + 1] += p[c] * ((c === d ? 1 : 0) - p[d]);
      }
    }
  }
  const distances = [at.slope - 1, ...at.bias];
  for (let i = 0; i < size; i++) {
    gradient[i] = gradient[i] / nodes.length + 2 * PENALTY * distances[i];
    for (let j = 0; j <= i; j++) {
      const lower = j === 0 ? hessian[i] : hessian[i * size + j];
      hessian[i * size + j] = lower / nodes.length + (i === j ? 2 * PENALTY : 0);
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) hessian[i * size + j] = hessian[j * size + i];
  }
  const penalty = distances.reduce((sum, d) => sum + PENALTY * d * d, 0);
  return { value: value / nodes.length + penalty, gradient, hessian };
}

/**
 * Slope and biases that make softmax(slope · z + bias) most likely on `nodes`, by Newton's
 * method with halved steps; the problem is convex. Without nodes: slope 1 and no bias.
 */
export function calibrate(options: CalibrateOptions): Calibration {
  const { classes, nodes } = options;
  let at: Calibration = { slope: 1, bias: new Float64Array(classes) };
  if (nodes.length === 0) return at;
  let now = objective(options, at);
  for (let i = 0; i < MAX_ITERATIONS; i++) {
    const direction = solve(now.hessian, now.gradient);
    const moved = (step: number): Calibration => ({
      slope: at.slope - step * direction[0],
      bias: at.bias.map((b, c) => b - step * direction[c + 1]),
    });
    let step = 1;
    let next = objective(options, moved(step));
    while (!(next.value <= now.value) && step > SMALLEST_STEP) {
      step /= 2;
      next = objective(options, moved(step));
    }
    const gained = now.value - next.value;
    if (!(gained > 0)) return at;
    at = moved(step);
    now = next;
    if (gained < TOLERANCE) return at;
  }
  return at;
}
