// A model as the WebAssembly kernels read it: weights in panels of 8 outputs by 4 inputs, and the
// tables of wasm/source/block.ts beside them, all at addresses of one memory.
import type { Stage } from '../../bundle/bundle.ts';
import type { Layer } from '../../kernel/index.ts';
import { type Arena, roundUp } from './arena.ts';
import type { CascadeModel } from './row-block.ts';

/** Outputs of a panel: two vectors of four int32 sums. */
const PANEL = 8;
/** Inputs of one dot product. */
const GROUP = 4;
/** Outputs that a sparse first layer sums at once: half a vector of weights, or a whole one. */
const COLUMN_OUTPUTS = 8;

/**
 * Padding classes must never win: −2³¹ · 2⁹⁰ is below every logit a bundle can give (scales are at
 * most 2⁶⁶) and finite, and its softmax is 0.
 */
const PADDING_BIAS = -(2 ** 31);
const PADDING_SCALE = 2 ** 90;

/** How the 16 weights of a dot product are ordered: see `dot()` in wasm/source/dot.ts. */
export type WeightOrder = 'quads' | 'pairs';

const PLACE = {
  quads: (output: number, input: number) => output * 4 + input,
  pairs: (output: number, input: number) => (input >> 1) * 8 + output * 2 + (input & 1),
} as const;

export interface PackedShape {
  /** Bytes of x in front of h. */
  readonly hiddenAt: number;
  readonly rowBytes: number;
  readonly layerBytes: number;
  readonly sumBytes: number;
  readonly classBytes: number;
}

/** A stage's own units, and where they begin in h. */
function unitsOf({ hidden, head }: Stage, structure: CascadeModel['structure']) {
  const units = hidden[hidden.length - 1].outputs;
  return { units, unitsAt: structure === 'incremental' ? head.inputs - units : 0 };
}

/** Strides of the rows that a model needs. */
export function shapeOf({ input, structure, classes, stages }: CascadeModel): PackedShape {
  const hiddenAt = input.sparse ? 0 : roundUp(input.width, GROUP);
  let rowBytes = hiddenAt;
  let layerBytes = 0;
  let sumBytes = 0;
  for (const stage of stages) {
    const { hidden } = stage;
    const { units, unitsAt } = unitsOf(stage, structure);
    rowBytes = Math.max(rowBytes, hiddenAt + unitsAt + roundUp(units, 16));
    for (const { outputs } of hidden) layerBytes = Math.max(layerBytes, roundUp(outputs, 16));
    sumBytes = Math.max(sumBytes, 4 * roundUp(hidden[0].outputs, COLUMN_OUTPUTS));
  }
  return {
    hiddenAt,
    // A group of four codes may be read where the last one begins.
    rowBytes: roundUp(rowBytes + GROUP, 16),
    layerBytes,
    sumBytes: input.sparse ? sumBytes : 0,
    classBytes: 4 * roundUp(classes, PANEL),
  };
}

interface PackLayerOptions {
  readonly layer: Layer;
  /** Columns of the layer that the dense part reads, and where each stands in the row. */
  readonly columns: readonly {
    readonly from: number;
    readonly count: number;
    readonly at: number;
  }[];
  readonly head: boolean;
  readonly order: WeightOrder;
}

/** Writes a `Layer` and what it points at; returns its address. */
function packLayer(arena: Arena, { layer, columns, head, order }: PackLayerOptions): number {
  const { inputs, outputs, weight } = layer;
  const panels = Math.ceil(outputs / PANEL);
  const reads = columns.reduce((end, { at, count }) => Math.max(end, at + count), 0);
  const groups = Math.ceil(reads / GROUP);
  const weights = arena.take(panels * groups * PANEL * GROUP);
  const bias = arena.take(4 * panels * PANEL);
  const scale = arena.take(4 * panels * PANEL);
  const place = PLACE[order];
  arena.write((memory) => {
    const bytes = new Int8Array(memory, weights, panels * groups * PANEL * GROUP);
    const biases = new Int32Array(memory, bias, panels * PANEL).fill(head ? PADDING_BIAS : 0);
    const scales = new Float32Array(memory, scale, panels * PANEL).fill(head ? PADDING_SCALE : 1);
    biases.set(layer.bias);
    scales.set(layer.scale);
    for (const { from, count, at } of columns) {
      for (let o = 0; o < outputs; o++) {
        const tile = (o >> 2) & 1;
        const panel = (o >> 3) * groups;
        for (let j = 0; j < count; j++) {
          const to = at + j;
          const base = (panel + (to >> 2)) * PANEL * GROUP + tile * 16;
          bytes[base + place(o & 3, to & 3)] = weight[o * inputs + from + j];
        }
      }
    }
  });
  return arena.words([weights, bias, scale, panels, groups]);
}

/** Writes a `Columns` for the sparse part of a first layer; returns its address. */
function packColumns(arena: Arena, layer: Layer, width: number): number {
  const { inputs, outputs, weight } = layer;
  const stride = roundUp(outputs, COLUMN_OUTPUTS);
  const weights = arena.take(width * stride);
  const bias = arena.take(4 * stride);
  arena.write((memory) => {
    new Int32Array(memory, bias, stride).set(layer.bias);
    const bytes = new Int8Array(memory, weights, width * stride);
    for (let o = 0; o < outputs; o++) {
      for (let j = 0; j < width; j++) bytes[j * stride + o] = weight[o * inputs + j];
    }
  });
  return arena.words([weights, stride, bias]);
}

export interface PackStagesOptions {
  readonly model: CascadeModel;
  readonly shape: PackedShape;
  readonly order: WeightOrder;
}

/** Writes all stages; returns the address of each `Stage`. */
export function packStages(arena: Arena, { model, shape, order }: PackStagesOptions): number[] {
  const { input, structure, stages } = model;
  return stages.map((packed) => {
    const { hidden, head, inverseTemperature } = packed;
    const [first, ...rest] = hidden;
    const { units, unitsAt } = unitsOf(packed, structure);
    const reads = first.inputs - input.width;
    const fromHidden = { from: input.width, count: reads, at: shape.hiddenAt };
    const columns = input.sparse
      ? [fromHidden]
      : [{ from: 0, count: input.width, at: 0 }, fromHidden];
    const whole = (layer: Layer) => [{ from: 0, count: layer.inputs, at: 0 }];
    const layers = [
      packLayer(arena, { layer: first, columns, head: false, order }),
      ...rest.map((layer) =>
        packLayer(arena, { layer, columns: whole(layer), head: false, order }),
      ),
    ];
    const words = [
      0,
      unitsAt,
      roundUp(units, 16),
      input.sparse ? packColumns(arena, first, input.width) : 0,
      packLayer(arena, { layer: head, columns: whole(head), head: true, order }),
      // Stage 1 has nothing to add to, but its logits stand at 0.
      structure === 'additive' ? 1 : 0,
      layers.length,
      ...layers,
    ];
    const stage = arena.words(words);
    arena.write((memory) => {
      new Float32Array(memory, stage, 1)[0] = inverseTemperature;
    });
    return stage;
  });
}
