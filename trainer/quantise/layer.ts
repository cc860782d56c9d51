// One float layer to int8: symmetric per output, with the scales and zero points
// of its inputs folded in.
import { type Layer, MAX_CODE } from '@dandan/shared/kernel';

/** A run of input columns that share one quantisation. */
export interface InputSegment {
  /** float32 [width, outputs]: the weights of these columns. */
  readonly weight: Float32Array;
  readonly width: number;
  /** Value of one code step. */
  readonly scale: number;
  readonly zeroPoint: number;
}

export interface QuantiseLayerOptions {
  readonly segments: readonly InputSegment[];
  /** float32 [outputs]. */
  readonly bias: Float32Array;
  /** Scale of the codes the layer writes; `undefined` for a head. */
  readonly activationScale: number | undefined;
}

/** Keeps bias plus accumulated products inside int32: half of its range. */
const MAX_BIAS = 2 ** 30;

/** Steps below this would vanish in float32 once divided by an activation scale. */
const SMALLEST_STEP = 2 ** -100;

/** y_o = scale_o (bias_o + Σ weight_oj q_j) ≈ b_o + Σ_j W_jo · s_j (q_j − z_j). */
export function quantiseLayer({ segments, bias, activationScale }: QuantiseLayerOptions): Layer {
  const outputs = bias.length;
  const inputs = segments.reduce((sum, { width }) => sum + width, 0);
  const layer: Layer = {
    inputs,
    outputs,
    weight: new Int8Array(inputs * outputs),
    bias: new Int32Array(outputs),
    scale: new Float32Array(outputs),
  };
  for (let o = 0; o < outputs; o++) {
    let largest = 0;
    for (const { weight, width, scale } of segments) {
      for (let j = 0; j < width; j++) {
        largest = Math.max(largest, Math.abs(weight[j * outputs + o] * scale));
      }
    }
    // A unit without weights still has its bias; any step that can express it will do.
    const finest = Math.max(largest / MAX_CODE, Math.abs(bias[o]) / MAX_BIAS);
    const step = finest < SMALLEST_STEP ? 1 : finest;
    let correction = 0;
    let column = o * inputs;
    for (const { weight, width, scale, zeroPoint } of segments) {
      for (let j = 0; j < width; j++, column++) {
        const code = Math.round((weight[j * outputs + o] * scale) / step);
        layer.weight[column] = code;
        correction += code * zeroPoint;
      }
    }
    layer.bias[o] = Math.round(bias[o] / step) - correction;
    layer.scale[o] = activationScale === undefined ? step : step / activationScale;
  }
  return layer;
}
