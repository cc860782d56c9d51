// The networks as onnxruntime likes them best: float32, and int8 in the form that it fuses into its
// own quantised kernels (Q → DQ → Gemm, ReLU taken into the range of the next Q).
import { createOnnxWriter } from '../../../trainer/export/onnx-writer.ts';
import { encodeModel, type OnnxTensor, type OnnxValue } from '../../../trainer/onnx/model.ts';
import { HIDDEN_RANGE, INPUT_SCALE, type Network } from '../network.ts';

const input = (network: Network, type: OnnxValue['type']): OnnxValue => ({
  name: 'x',
  type,
  dims: ['rows', network.inputs],
});

const output = (network: Network): OnnxValue => ({
  name: 'logits',
  type: 'float',
  dims: ['rows', network.classes],
});

const encode = (graph: Parameters<typeof encodeModel>[0]) =>
  encodeModel(graph, Number.POSITIVE_INFINITY).bytes;

export function floatModel(network: Network): Uint8Array {
  const { inputs, hidden, classes } = network;
  const writer = createOnnxWriter();
  const float = (name: string, dims: readonly number[], data: Float32Array) =>
    writer.constant({ name, type: 'float', dims, data });
  const w0 = float('w0', [hidden, inputs], network.hiddenWeight);
  const b0 = float('b0', [hidden], network.hiddenBias);
  const w1 = float('w1', [classes, hidden], network.headWeight);
  const b1 = float('b1', [classes], network.headBias);
  const sums = writer.node('sums', 'Gemm', ['x', w0, b0], { transB: 1 });
  const units = writer.node('units', 'Relu', [sums]);
  writer.node('logits', 'Gemm', [units, w1, b1], { transB: 1 });
  return encode(writer.graph([input(network, 'float')], [output(network)]));
}

/** Symmetric int8 per output, as in our own bundles. */
function quantised(weight: Float32Array, outputs: number, inputs: number) {
  const scale = new Float32Array(outputs);
  const codes = new Int8Array(weight.length);
  for (let o = 0; o < outputs; o++) {
    const row = weight.subarray(o * inputs, (o + 1) * inputs);
    scale[o] = Math.max(...row.map(Math.abs)) / 127;
    for (let j = 0; j < inputs; j++) codes[o * inputs + j] = Math.round(row[j] / scale[o]);
  }
  return { scale, codes };
}

export function int8Model(network: Network): Uint8Array {
  const writer = createOnnxWriter();
  const constant = (
    name: string,
    type: OnnxTensor['type'],
    dims: number[],
    data: OnnxTensor['data'],
  ) => writer.constant({ name, type, dims, data });
  const zero = constant('zero', 'uint8', [], Uint8Array.of(0));

  function gemm(
    name: string,
    codes: string,
    scale: number,
    weight: Float32Array,
    bias: Float32Array,
  ) {
    const outputs = bias.length;
    const reads = weight.length / outputs;
    const { scale: steps, codes: weightCodes } = quantised(weight, outputs, reads);
    const step = writer.scalar(scale);
    const biasSteps = steps.map((value) => value * scale);
    const w = constant(`${name} w`, 'int8', [outputs, reads], weightCodes);
    const ws = constant(`${name} ws`, 'float', [outputs], steps);
    const biasCodes = Int32Array.from(bias, (value, o) => Math.round(value / biasSteps[o]));
    const b = constant(`${name} b`, 'int32', [outputs], biasCodes);
    const bs = constant(`${name} bs`, 'float', [outputs], biasSteps);
    const axis = { axis: 0 };
    return writer.node(
      name,
      'Gemm',
      [
        writer.node(`${name} x values`, 'DequantizeLinear', [codes, step, zero]),
        writer.node(`${name} w values`, 'DequantizeLinear', [w, ws], axis),
        writer.node(`${name} b values`, 'DequantizeLinear', [b, bs], axis),
      ],
      { transB: 1 },
    );
  }

  // 8 bits of range where ours has 7; ReLU is what the lower end of uint8 cuts off.
  const hiddenScale = HIDDEN_RANGE / 255;
  const sums = gemm('sums', 'x', INPUT_SCALE, network.hiddenWeight, network.hiddenBias);
  const units = writer.node('units', 'Relu', [sums]);
  const codes = writer.node('unit codes', 'QuantizeLinear', [
    units,
    writer.scalar(hiddenScale),
    zero,
  ]);
  gemm('logits', codes, hiddenScale, network.headWeight, network.headBias);
  return encode(writer.graph([input(network, 'uint8')], [output(network)]));
}
