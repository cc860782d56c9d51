// The int8 cascade without its rounding: units are clamp(z, 0, 127) where the kernels round, so
// that the answer has a gradient with respect to the input codes. Everything is in codes; scales
// are those of the bundle.
import type { Bundle, Stage } from '../bundle/bundle.ts';
import { type Layer, MAX_CODE } from '../kernel/index.ts';

export interface RelaxedCascade {
  /**
   * max q_k's part for `answer` at the point `codes`, and its gradient.
   *
   * @param columns which columns of the row `codes` are; all others are 0.
   * @param stages run, at least 1.
   * @param gradient float64 [columns]; written.
   * @returns q_k[answer], 0..1.
   */
  probability(options: {
    readonly columns: Int32Array;
    readonly codes: Float64Array;
    readonly answer: number;
    readonly stages: number;
    readonly gradient: Float64Array;
  }): number;
}

/** z = scale · (bias + W a) of every output, with a at `columns` of the layer's inputs. */
function forward(layer: Layer, columns: ArrayLike<number>, a: Float64Array): Float64Array {
  const { inputs, outputs, weight, bias, scale } = layer;
  const z = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let sum = bias[o];
    for (let j = 0; j < columns.length; j++) sum += weight[o * inputs + columns[j]] * a[j];
    z[o] = scale[o] * sum;
  }
  return z;
}

/** Adds dF/da to `to` for dF/dz. */
function backward(
  { inputs, outputs, weight, scale }: Layer,
  columns: ArrayLike<number>,
  dz: Float64Array,
  to: Float64Array,
): void {
  for (let o = 0; o < outputs; o++) {
    const g = scale[o] * dz[o];
    if (g === 0) continue;
    for (let j = 0; j < columns.length; j++) to[j] += g * weight[o * inputs + columns[j]];
  }
}

const clamp = (z: Float64Array) => z.map((value) => Math.min(MAX_CODE, Math.max(0, value)));

/** dF/dz of a clamped unit. */
const throughClamp = (da: Float64Array, z: Float64Array) =>
  da.map((value, i) => (z[i] > 0 && z[i] < MAX_CODE ? value : 0));

const range = (from: number, count: number) =>
  Int32Array.from({ length: count }, (_, i) => from + i);

function softmax(logits: Float64Array, factor: number): Float64Array {
  const largest = Math.max(...logits);
  const p = logits.map((logit) => Math.exp((logit - largest) * factor));
  const sum = p.reduce((a, b) => a + b, 0);
  return p.map((value) => value / sum);
}

const joined = (a: Float64Array, b: Float64Array) => Float64Array.of(...a, ...b);

/** What one stage computed, for the way back. */
interface Pass {
  readonly stage: Stage;
  /** Columns and values that the first layer read: those of x, then those of h. */
  readonly firstColumns: Int32Array;
  readonly firstInput: Float64Array;
  /** z of every hidden layer. */
  readonly z: readonly Float64Array[];
  readonly p: Float64Array;
  /** argmax p, and w = e^(max p − 1). */
  readonly largest: number;
  readonly weight: number;
}

export function createRelaxedCascade(bundle: Bundle): RelaxedCascade {
  const { structure } = bundle.manifest;
  const { width } = bundle.input;

  function run(columns: Int32Array, codes: Float64Array, count: number): Pass[] {
    const passes: Pass[] = [];
    let handed: Float64Array = new Float64Array(0);
    let before: Float64Array | undefined;
    for (const stage of bundle.stages.slice(0, count)) {
      const reads = stage.hidden[0].inputs - width;
      const firstColumns = Int32Array.from([...columns, ...range(width, reads)]);
      const firstInput = reads === 0 ? codes : joined(codes, handed);
      const z: Float64Array[] = [];
      let units = firstInput;
      stage.hidden.forEach((layer, depth) => {
        z.push(forward(layer, depth === 0 ? firstColumns : range(0, layer.inputs), units));
        units = clamp(z[depth]);
      });
      const headInput = structure === 'incremental' ? joined(handed, units) : units;
      const own = forward(stage.head, range(0, stage.head.inputs), headInput);
      const sum = before;
      const logits = structure === 'additive' && sum ? own.map((value, c) => value + sum[c]) : own;
      const p = softmax(logits, stage.inverseTemperature);
      const largest = p.indexOf(Math.max(...p));
      const weight = Math.exp(p[largest] - 1);
      passes.push({ stage, firstColumns, firstInput, z, p, largest, weight });
      before = logits;
      handed = structure === 'additive' ? new Float64Array(0) : headInput;
    }
    return passes;
  }

  /** dF/dlogits of one stage for F = Σ w_j p_j[answer] / Σ w_j. */
  function logitsGradient(pass: Pass, answer: number, value: number, total: number) {
    const { p, largest, weight, stage } = pass;
    const dp = new Float64Array(p.length);
    dp[answer] += weight / total;
    dp[largest] += (weight * (p[answer] - value)) / total;
    const mean = p.reduce((sum, each, c) => sum + each * dp[c], 0);
    return p.map((each, c) => stage.inverseTemperature * each * (dp[c] - mean));
  }

  return {
    probability({ columns, codes, answer, stages, gradient }) {
      const passes = run(columns, codes, stages);
      const total = passes.reduce((sum, { weight }) => sum + weight, 0);
      const value = passes.reduce((sum, { weight, p }) => sum + weight * p[answer], 0) / total;
      gradient.fill(0);
      let dHanded: Float64Array = new Float64Array(0);
      let dLogits: Float64Array | undefined;
      for (const pass of passes.toReversed()) {
        const { stage, firstColumns, firstInput, z } = pass;
        const own = logitsGradient(pass, answer, value, total);
        const later = dLogits;
        dLogits = structure === 'additive' && later ? own.map((each, c) => each + later[c]) : own;
        const dHead = new Float64Array(stage.head.inputs);
        backward(stage.head, range(0, stage.head.inputs), dLogits, dHead);
        dHanded.forEach((each, j) => {
          dHead[j] += each;
        });
        const units = z[z.length - 1].length;
        const split = structure === 'incremental' ? stage.head.inputs - units : 0;
        let da = dHead.slice(split);
        for (let depth = z.length - 1; depth > 0; depth--) {
          const layer = stage.hidden[depth];
          const next = new Float64Array(layer.inputs);
          backward(layer, range(0, layer.inputs), throughClamp(da, z[depth]), next);
          da = next;
        }
        const dFirst = new Float64Array(firstInput.length);
        backward(stage.hidden[0], firstColumns, throughClamp(da, z[0]), dFirst);
        for (let j = 0; j < columns.length; j++) gradient[j] += dFirst[j];
        dHanded = dFirst.slice(columns.length);
        for (let j = 0; j < split; j++) dHanded[j] = (dHanded[j] ?? 0) + dHead[j];
      }
      return value;
    },
  };
}
