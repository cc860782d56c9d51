// A bundle's int8 stages back to the float32 weights of students, in the units of another run: its
// input codes have other scales, for they are fitted on other rows.
import type { Bundle } from '@dandan/shared/bundle';
import type { InputQuantisation, Layer } from '@dandan/shared/kernel';
import type { Weights } from '../network/weights.ts';
import { inputScale } from '../quantise/input.ts';
import { ACTIVATION_SCALE } from '../quantise/stages.ts';

export interface ChampionWeightsOptions {
  readonly champion: Bundle;
  /** Of the run that starts from it. */
  readonly input: InputQuantisation;
  /** Factor of its students' input; see `rowSumScale`. */
  readonly studentScale: number;
}

/** A layer as float32: y = Σ W q + b over input codes q. */
interface CodeLayer {
  readonly layer: Layer;
  /** Value of one step of each output's sum. */
  readonly step: Float64Array;
}

/** A hidden layer's scale leads to codes, a head's to logits. */
const codeLayer = (layer: Layer, isHead: boolean): CodeLayer => ({
  layer,
  step: Float64Array.from(layer.scale, (scale) => (isHead ? scale : scale * ACTIVATION_SCALE)),
});

/** Columns `from` to `from + width` as [width, outputs], each weight times `factor(column)`. */
function columnsOf(
  { layer, step }: CodeLayer,
  from: number,
  width: number,
  factor: (column: number) => number,
): Float32Array {
  const { inputs, outputs, weight } = layer;
  const values = new Float32Array(width * outputs);
  for (let j = 0; j < width; j++) {
    const scale = factor(j);
    for (let o = 0; o < outputs; o++) {
      values[j * outputs + o] = weight[o * inputs + from + j] * step[o] * scale;
    }
  }
  return values;
}

const biasOf = ({ layer, step }: CodeLayer) =>
  Float32Array.from(layer.bias, (bias, o) => bias * step[o]);

const ofHidden = () => 1 / ACTIVATION_SCALE;

/**
 * x of the new run is m'(raw − o')·s, a champion's code z + m (raw − o): its first layer reads
 * z + (m / m' s) x + m (o' − o).
 */
function firstLayer(first: CodeLayer, { champion, input, studentScale }: ChampionWeightsOptions) {
  const { layer, step } = first;
  const { width, sparse, zeroPoint, offset, multiplier } = champion.input;
  const at = (values: Float32Array, j: number) => values[sparse ? 0 : j];
  const unit = studentScale * inputScale(input);
  const x = columnsOf(first, 0, width, (j) => at(multiplier, j) / at(input.multiplier, j) / unit);
  const b = biasOf(first).map((bias, o) => {
    let sum = bias;
    for (let j = 0; j < width; j++) {
      const shift = zeroPoint + at(multiplier, j) * (at(input.offset, j) - at(offset, j));
      sum += layer.weight[o * layer.inputs + j] * step[o] * shift;
    }
    return sum;
  });
  return { x, b };
}

/**
 * The weights of each stage, by the names of `createStudent`. A student that starts with them answers
 * as the champion does, up to the rounding of codes.
 */
export function championWeights(options: ChampionWeightsOptions): Weights[] {
  const { champion } = options;
  const { width } = champion.input;
  return champion.stages.map(({ hidden, head }) => {
    const layers = hidden.map((layer) => codeLayer(layer, false));
    const { x, b } = firstLayer(layers[0], options);
    const weights: Record<string, Float32Array> = { 'hidden0.x': x, 'hidden0.b': b };
    const heard = hidden[0].inputs - width;
    if (heard > 0) weights['hidden0.h'] = columnsOf(layers[0], width, heard, ofHidden);
    layers.slice(1).forEach((layer, l) => {
      weights[`hidden${l + 1}.w`] = columnsOf(layer, 0, layer.layer.inputs, ofHidden);
      weights[`hidden${l + 1}.b`] = biasOf(layer);
    });
    const own = hidden[hidden.length - 1].outputs;
    const last = codeLayer(head, true);
    const read = head.inputs - own;
    if (read > 0) weights['head.h'] = columnsOf(last, 0, read, ofHidden);
    weights['head.u'] = columnsOf(last, read, own, ofHidden);
    weights['head.b'] = biasOf(last);
    return weights;
  });
}
