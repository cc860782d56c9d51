// Runs one node up the staircase, a stage at a time: the running output of
// per-node exit (ProGMLP Eq. 9–10 taken node by node).
import type { Bundle, Stage } from '../bundle/bundle.ts';
import {
  accumulateDense,
  accumulateSparse,
  expNegative,
  type Layer,
  type QuantisedRows,
  softmax,
  startAccumulator,
  writeActivation,
  writeLogits,
} from '../kernel/index.ts';

/** The running answer q_k after the latest stage. */
export interface RunningAnswer {
  /** argmax q_k; the lowest index wins a tie. */
  class: number;
  /** max q_k, float32. */
  confidence: number;
  /** argmax of this stage's own P_k, without its predecessors. */
  stageClass: number;
  /** softmax(P_k / T_k) of this stage's own P_k, float32 [classes]; overwritten by the next step. */
  readonly probabilities: Float32Array;
  /** Multiply-accumulates spent so far on this node. */
  macs: number;
}

export interface CascadeStepper {
  /** Forgets the previous node and takes row `index` of `rows`. */
  start(rows: QuantisedRows, index: number): void;
  /** Runs the next stage. The same object comes back every time, updated. */
  step(): RunningAnswer;
}

interface Scratch {
  readonly accumulator: Int32Array;
  readonly layerOutput: [Uint8Array, Uint8Array];
  readonly logits: Float32Array;
  readonly probabilities: Float32Array;
}

function widest(stages: readonly Stage[]): number {
  const layers = stages.flatMap(({ hidden, head }) => [...hidden, head]);
  return Math.max(...layers.map(({ outputs }) => outputs));
}

/** Codes of all units a stage's head can read: [h_{k−1} ‖ u_k] or u_k alone. */
function hiddenWidth(stages: readonly Stage[]): number {
  return Math.max(...stages.map(({ head }) => head.inputs));
}

/**
 * A stepper over the stages that `bundle` holds. It owns its scratch memory and
 * allocates nothing per node; use one per concurrent caller.
 */
export function createStepper(bundle: Bundle): CascadeStepper {
  const { stages, manifest, input } = bundle;
  const classes = manifest.classes.length;
  const incremental = manifest.structure === 'incremental';
  const width = widest(stages);
  const scratch: Scratch = {
    accumulator: new Int32Array(width),
    layerOutput: [new Uint8Array(width), new Uint8Array(width)],
    logits: new Float32Array(classes),
    probabilities: new Float32Array(classes),
  };
  const hidden = new Uint8Array(hiddenWidth(stages));
  const weighted = new Float32Array(classes);
  const answer: RunningAnswer = {
    class: 0,
    confidence: 0,
    stageClass: 0,
    probabilities: scratch.probabilities,
    macs: 0,
  };
  let rows: QuantisedRows;
  let index = 0;
  let stage = 0;
  let hiddenUnits = 0;
  let weightSum = 0;

  function accumulateFirst(layer: Layer): void {
    const { accumulator } = scratch;
    startAccumulator(layer, accumulator);
    if (rows.kind === 'dense') {
      accumulateDense(layer, rows.codes, index * rows.width, rows.width, 0, accumulator);
      answer.macs += layer.outputs * rows.width;
    } else {
      const begin = rows.offsets[index];
      const end = rows.offsets[index + 1];
      accumulateSparse(layer, rows.indices, rows.codes, begin, end, accumulator);
      answer.macs += layer.outputs * (end - begin);
    }
    accumulateDense(layer, hidden, 0, hiddenUnits, input.width, accumulator);
    answer.macs += layer.outputs * hiddenUnits;
  }

  function runHidden(layers: readonly Layer[]): void {
    const { accumulator, layerOutput } = scratch;
    layers.forEach((layer, depth) => {
      if (depth === 0) accumulateFirst(layer);
      else {
        startAccumulator(layer, accumulator);
        accumulateDense(layer, layerOutput[(depth + 1) % 2], 0, layer.inputs, 0, accumulator);
        answer.macs += layer.outputs * layer.inputs;
      }
      writeActivation(layer, accumulator, layerOutput[depth % 2], 0);
    });
    const units = layers[layers.length - 1].outputs;
    const begin = incremental ? hiddenUnits : 0;
    hidden.set(layerOutput[(layers.length + 1) % 2].subarray(0, units), begin);
    hiddenUnits = begin + units;
  }

  function runHead(head: Layer): void {
    startAccumulator(head, scratch.accumulator);
    accumulateDense(head, hidden, 0, hiddenUnits, 0, scratch.accumulator);
    answer.macs += head.outputs * hiddenUnits;
    writeLogits(head, scratch.accumulator, scratch.logits);
  }

  /** q_k = Σ_j w_j p_j with w = softmax(c): weights e^{c_j − 1} keep every exponent ≤ 0. */
  function mixIn(confidence: number): void {
    const { fround } = Math;
    const weight = expNegative(fround(confidence - 1));
    weightSum = fround(weightSum + weight);
    const { probabilities } = scratch;
    let best = 0;
    let own = 0;
    for (let c = 0; c < classes; c++) {
      weighted[c] = fround(weighted[c] + fround(weight * probabilities[c]));
      if (weighted[c] > weighted[best]) best = c;
      if (probabilities[c] > probabilities[own]) own = c;
    }
    answer.class = best;
    answer.stageClass = own;
    answer.confidence = fround(weighted[best] / weightSum);
  }

  return {
    start(newRows, newIndex) {
      rows = newRows;
      index = newIndex;
      stage = 0;
      hiddenUnits = 0;
      weightSum = 0;
      weighted.fill(0);
      answer.macs = 0;
    },
    step() {
      const current = stages[stage++];
      runHidden(current.hidden);
      runHead(current.head);
      mixIn(softmax(scratch.logits, current.inverseTemperature, scratch.probabilities));
      return answer;
    },
  };
}
