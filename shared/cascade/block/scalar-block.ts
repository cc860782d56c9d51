// The arithmetic of a cascade in plain TypeScript: the definition that every other kernel is held
// to, and what runs where there is no WebAssembly. Running output: ProGMLP Eq. 9–10 node by node.
import type { Stage } from '../../bundle/bundle.ts';
import {
  accumulateDense,
  accumulateSparse,
  checkRows,
  expNegative,
  type Layer,
  type QuantisedRows,
  softmax,
  startAccumulator,
  writeActivation,
  writeLogits,
} from '../../kernel/index.ts';
import type { CascadeModel, RowBlock } from './row-block.ts';

/** Enough for a gateway's batch to run through few calls. */
const CAPACITY = 64;

function widest(stages: readonly Stage[]): number {
  const layers = stages.flatMap(({ hidden, head }) => [...hidden, head]);
  return Math.max(...layers.map(({ outputs }) => outputs));
}

export function createScalarBlock(model: CascadeModel): RowBlock {
  const { input, stages, structure, classes: classCount } = model;
  const incremental = structure === 'incremental';
  const additive = structure === 'additive';
  const width = widest(stages);
  const accumulator = new Int32Array(width);
  const layerOutput = [new Uint8Array(width), new Uint8Array(width)];
  const own = new Float32Array(classCount);
  const logits = new Float32Array(CAPACITY * classCount);
  const hiddenWidth = Math.max(...stages.map(({ head }) => head.inputs));
  const hidden = new Uint8Array(CAPACITY * hiddenWidth);
  const weighted = new Float32Array(CAPACITY * classCount);
  const weightSums = new Float32Array(CAPACITY);
  const active = new Int32Array(CAPACITY);
  const classes = new Int32Array(CAPACITY);
  const stageClasses = new Int32Array(CAPACITY);
  const confidence = new Float32Array(CAPACITY);
  const probabilities = new Float32Array(CAPACITY * classCount);
  // A row's own part of the arrays that hold one number per class.
  const slices = Array.from({ length: CAPACITY }, (_, row) => ({
    logits: logits.subarray(row * classCount, (row + 1) * classCount),
    probabilities: probabilities.subarray(row * classCount, (row + 1) * classCount),
    weighted: weighted.subarray(row * classCount, (row + 1) * classCount),
  }));
  let rows: QuantisedRows | undefined;
  let begin = 0;

  function accumulateFirst(layer: Layer, row: number, units: number): void {
    startAccumulator(layer, accumulator);
    const at = begin + row;
    if (rows?.kind === 'dense') {
      accumulateDense(layer, rows.codes, at * rows.width, rows.width, 0, accumulator);
    } else if (rows?.kind === 'sparse') {
      const { offsets, indices, codes } = rows;
      accumulateSparse(layer, indices, codes, offsets[at], offsets[at + 1], accumulator);
    }
    accumulateDense(layer, hidden, row * hiddenWidth, units, input.width, accumulator);
  }

  function runHidden(layers: readonly Layer[], row: number): void {
    const read = layers[0].inputs - input.width;
    layers.forEach((layer, depth) => {
      if (depth === 0) accumulateFirst(layer, row, read);
      else {
        startAccumulator(layer, accumulator);
        accumulateDense(layer, layerOutput[(depth + 1) % 2], 0, layer.inputs, 0, accumulator);
      }
      writeActivation(layer, accumulator, layerOutput[depth % 2], 0);
    });
    const { outputs } = layers[layers.length - 1];
    const units = layerOutput[(layers.length + 1) % 2].subarray(0, outputs);
    hidden.set(units, row * hiddenWidth + (incremental ? read : 0));
  }

  function runHead(head: Layer, row: number): void {
    startAccumulator(head, accumulator);
    accumulateDense(head, hidden, row * hiddenWidth, head.inputs, 0, accumulator);
    writeLogits(head, accumulator, own);
    const kept = slices[row].logits;
    for (let c = 0; c < classCount; c++) kept[c] = additive ? kept[c] + own[c] : own[c];
  }

  /** q_k = Σ_j w_j p_j with w = softmax(c): weights e^{c_j − 1} keep every exponent ≤ 0. */
  function mixIn(row: number, largest: number): void {
    const { fround } = Math;
    const weight = expNegative(fround(largest - 1));
    weightSums[row] += weight;
    const { probabilities: stageOutput, weighted: running } = slices[row];
    let best = 0;
    let ownBest = 0;
    for (let c = 0; c < classCount; c++) {
      running[c] += fround(weight * stageOutput[c]);
      if (running[c] > running[best]) best = c;
      if (stageOutput[c] > stageOutput[ownBest]) ownBest = c;
    }
    classes[row] = best;
    stageClasses[row] = ownBest;
    confidence[row] = fround(running[best] / weightSums[row]);
  }

  return {
    capacity: CAPACITY,
    // Weights are read where the bundle has them: int8, and 8 bytes of bias and scale an output.
    bytes: stages
      .flatMap((stage) => [...stage.hidden, stage.head])
      .reduce((sum, layer) => sum + layer.outputs * (layer.inputs + 8), 0),
    active,
    classes,
    confidence,
    stageClasses,
    probabilities,
    classStride: classCount,
    load(from, first) {
      if (first === 0) checkRows(from, input);
      rows = from;
      begin = first;
      const taken = Math.min(CAPACITY, from.count - first);
      for (let row = 0; row < taken; row++) active[row] = row;
      weightSums.fill(0);
      weighted.fill(0);
      logits.fill(0);
      return taken;
    },
    step(index, count) {
      const stage = stages[index];
      for (let i = 0; i < count; i++) {
        const row = active[i];
        runHidden(stage.hidden, row);
        runHead(stage.head, row);
        const { logits: kept, probabilities: output } = slices[row];
        mixIn(row, softmax(kept, stage.inverseTemperature, output));
      }
    },
  };
}
