// One int8 layer as QuantizeLinear/DequantizeLinear (QDQ) around Gemm: the form that onnxruntime
// turns into its own int8 kernels.
import { type Layer, MAX_CODE } from '@dandan/shared/kernel';
import type { OnnxWriter } from './onnx-writer.ts';

/** Step and zero point of codes, which are whole numbers. */
const wholeNumbers = (writer: OnnxWriter) => [
  writer.scalar(1),
  writer.constant({ name: 'zero code', type: 'uint8', dims: [], data: Uint8Array.of(0) }),
];

/**
 * y_o = scale_o (bias_o + Σ_j weight_oj q_j), float32 [rows, outputs].
 *
 * @param codes name of uint8 [rows, inputs].
 */
export function layerOutputs(
  writer: OnnxWriter,
  name: string,
  layer: Layer,
  codes: string,
): string {
  const { inputs, outputs, weight, bias, scale } = layer;
  const scales = writer.constant({
    name: `${name} scale`,
    type: 'float',
    dims: [outputs],
    data: scale,
  });
  const weights = writer.constant({
    name: `${name} weight`,
    type: 'int8',
    dims: [outputs, inputs],
    data: weight,
  });
  const biases = writer.constant({
    name: `${name} bias`,
    type: 'int32',
    dims: [outputs],
    data: bias,
  });
  const axis = { axis: 0 };
  return writer.node(
    `${name} sums`,
    'Gemm',
    [
      writer.node(`${name} input values`, 'DequantizeLinear', [codes, ...wholeNumbers(writer)]),
      writer.node(`${name} weight values`, 'DequantizeLinear', [weights, scales], axis),
      writer.node(`${name} bias values`, 'DequantizeLinear', [biases, scales], axis),
    ],
    { transB: 1 },
  );
}

/** Codes of a hidden layer, uint8 [rows, outputs], 0..127. */
export function hiddenCodes(writer: OnnxWriter, name: string, layer: Layer, codes: string): string {
  const sums = layerOutputs(writer, name, layer, codes);
  // 7 bits of the 8 that the type has: see the cascade's quantisation.
  const range = [writer.scalar(0), writer.scalar(MAX_CODE)];
  const clipped = writer.node(`${name} clipped`, 'Clip', [sums, ...range]);
  return writer.node(`${name} codes`, 'QuantizeLinear', [clipped, ...wholeNumbers(writer)]);
}
