// A bundle as ONNX: every stage by itself, and the whole cascade as one graph.
import type { Bundle, Stage, Structure } from '@dandan/shared/bundle';
import { MAX_CODE } from '@dandan/shared/kernel';
import { encodeModel, type OnnxGraph, type OnnxValue } from '../onnx/model.ts';
import { createOnnxWriter, type OnnxWriter } from './onnx-writer.ts';
import { hiddenCodes, layerOutputs } from './quantised-layer.ts';

const ROWS = 'rows';

/** float32 features [rows, width]; NaN where a value is missing. */
const X: OnnxValue['name'] = 'x';

const value = (name: string, type: OnnxValue['type'], ...dims: OnnxValue['dims']): OnnxValue => ({
  name,
  type,
  dims,
});

/** Codes of x, in the very operations of the cascade's own quantisation: no rounding differs. */
function inputCodes(writer: OnnxWriter, { input }: Bundle): string {
  const { offset, multiplier, zeroPoint, sparse, width } = input;
  const dims = [sparse ? 1 : width];
  const offsets = writer.constant({ name: 'input offset', type: 'float', dims, data: offset });
  const factors = writer.constant({
    name: 'input multiplier',
    type: 'float',
    dims,
    data: multiplier,
  });
  const missing = writer.node('x missing', 'IsNaN', [X]);
  const given = writer.node('x given', 'Where', [missing, offsets, X]);
  const centred = writer.node('x centred', 'Sub', [given, offsets]);
  const scaled = writer.node('x scaled', 'Mul', [centred, factors]);
  const half = writer.node('x half', 'Add', [scaled, writer.scalar(0.5)]);
  const whole = writer.node('x whole', 'Floor', [half]);
  const shifted = writer.node('x shifted', 'Add', [whole, writer.scalar(zeroPoint)]);
  const range = [writer.scalar(0), writer.scalar(MAX_CODE)];
  const clipped = writer.node('x clipped', 'Clip', [shifted, ...range]);
  return writer.node('x codes', 'Cast', [clipped], { to: UINT8 });
}

/** TensorProto.DataType of the codes. */
const UINT8 = 2;

interface StageNames {
  readonly x: string;
  /** What the stage before hands on, if there is one: h_{k−1}, or with `additive` P_{k−1}. */
  readonly handed: string | undefined;
}

/** One stage's nodes. @returns the names of what it hands on and of its logits. */
function stageNodes(
  writer: OnnxWriter,
  stage: Stage,
  index: number,
  { x, handed }: StageNames,
  structure: Structure,
): { readonly handsOn: string; readonly logits: string } {
  const name = `stage ${index + 1}`;
  const join = (output: string, parts: readonly (string | undefined)[]) => {
    const present = parts.filter((part) => part !== undefined);
    return present.length === 1 ? present[0] : writer.node(output, 'Concat', present, { axis: 1 });
  };
  const additive = structure === 'additive';
  let codes = additive ? x : join(`${name} input`, [x, handed]);
  stage.hidden.forEach((layer, depth) => {
    codes = hiddenCodes(writer, `${name} hidden ${depth}`, layer, codes);
  });
  const h = structure === 'incremental' ? join(`${name} h`, [handed, codes]) : codes;
  const own = layerOutputs(writer, `${name} head`, stage.head, h);
  if (!additive) return { handsOn: h, logits: own };
  const logits = handed === undefined ? own : writer.node(`${name} added`, 'Add', [handed, own]);
  return { handsOn: logits, logits };
}

/**
 * Stage `index` (0-based) by itself: `codes` uint8 [rows, width] and, after stage 1, `h` uint8
 * [rows, units] of the stage before; gives `next_h` uint8 and `logits` float32 [rows, classes].
 * With the additive structure there is no h: `previous_logits` go in instead.
 */
export function stageGraph(bundle: Bundle, index: number): OnnxGraph {
  const writer = createOnnxWriter();
  const { manifest, stages, input } = bundle;
  const { structure } = manifest;
  const classes = manifest.classes.length;
  const before =
    structure === 'additive'
      ? value('previous_logits', 'float', ROWS, classes)
      : value('h', 'uint8', ROWS, index === 0 ? 0 : stages[index - 1].head.inputs);
  const inputs = [value('codes', 'uint8', ROWS, input.width), ...(index > 0 ? [before] : [])];
  const names = { x: 'codes', handed: index > 0 ? before.name : undefined };
  const { handsOn, logits } = stageNodes(writer, stages[index], index, names, structure);
  const answer = writer.node('logits', 'Identity', [logits]);
  const outputs = [value(answer, 'float', ROWS, classes)];
  if (structure !== 'additive') {
    const next = writer.node('next_h', 'Identity', [handsOn]);
    outputs.unshift(value(next, 'uint8', ROWS, stages[index].head.inputs));
  }
  return writer.graph(inputs, outputs);
}

/**
 * All stages in one graph: `x` float32 [rows, width]; for every stage k the running output's
 * `class_k` int64 [rows] and `confidence_k` float32 [rows] (ProGMLP Eq. 9–10 node by node), for a
 * caller to stop by the thresholds of the manifest.
 */
export function cascadeGraph(bundle: Bundle): OnnxGraph {
  const writer = createOnnxWriter();
  const { manifest, stages, input } = bundle;
  const x = inputCodes(writer, bundle);
  const outputs: OnnxValue[] = [];
  let handed: string | undefined;
  let weighted: string | undefined;
  let weights: string | undefined;
  stages.forEach((stage, index) => {
    const name = `stage ${index + 1}`;
    const made = stageNodes(writer, stage, index, { x, handed }, manifest.structure);
    handed = made.handsOn;
    const factor = writer.scalar(stage.inverseTemperature);
    const scaled = writer.node(`${name} scaled`, 'Mul', [made.logits, factor]);
    const p = writer.node(`${name} probabilities`, 'Softmax', [scaled], { axis: 1 });
    const largest = writer.node(`${name} largest`, 'ReduceMax', [p], { axes: [1], keepdims: 1 });
    const weight = writer.node(`${name} weight`, 'Exp', [largest]);
    const part = writer.node(`${name} part`, 'Mul', [weight, p]);
    weighted = weighted === undefined ? part : writer.node(`${name} sum`, 'Add', [weighted, part]);
    weights =
      weights === undefined ? weight : writer.node(`${name} weights`, 'Add', [weights, weight]);
    const q = writer.node(`${name} running`, 'Div', [weighted, weights]);
    const k = index + 1;
    outputs.push(
      value(writer.node(`class_${k}`, 'ArgMax', [q], { axis: 1, keepdims: 0 }), 'int64', ROWS),
      value(
        writer.node(`confidence_${k}`, 'ReduceMax', [q], { axes: [1], keepdims: 0 }),
        'float',
        ROWS,
      ),
    );
  });
  return writer.graph([value(X, 'float', ROWS, input.width)], outputs);
}

/** ONNX files of a bundle by name: `cascade.onnx`, `stage-1.onnx`, … Weights are inside the files. */
export function exportOnnx(bundle: Bundle): Map<string, Uint8Array> {
  const encode = (graph: OnnxGraph) => encodeModel(graph, Number.POSITIVE_INFINITY).bytes;
  const files = new Map([['cascade.onnx', encode(cascadeGraph(bundle))]]);
  bundle.stages.forEach((_, index) => {
    files.set(`stage-${index + 1}.onnx`, encode(stageGraph(bundle, index)));
  });
  return files;
}
