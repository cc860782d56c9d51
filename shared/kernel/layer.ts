// One fully connected int8 layer for one row. The arithmetic is fixed to the
// operation, so that every runtime and every later kernel gives the same bits.

/**
 * Quantised layer: y_o = scale_o · (bias_o + Σ_j weight_oj · q_j).
 *
 * The scales and zero points of the inputs are folded into the weights and the
 * bias by the trainer, so one int32 accumulation serves inputs of mixed scale.
 */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** int8 [outputs, inputs], row-major; −127..127, symmetric per output. */
  readonly weight: Int8Array;
  /** int32 [outputs], in units of `scale`. */
  readonly bias: Int32Array;
  /** float32 [outputs]; for a hidden layer already divided by its activation scale. */
  readonly scale: Float32Array;
}

/** Largest activation code: 7 bits, so that relaxed-SIMD dot products cannot saturate. */
export const MAX_CODE = 127;

/** Sets `accumulator[o] = bias_o`. */
export function startAccumulator(layer: Layer, accumulator: Int32Array): void {
  for (let o = 0; o < layer.outputs; o++) accumulator[o] = layer.bias[o];
}

/** Adds Σ_j weight[o, offset + j] · codes[begin + j] for `length` dense inputs. */
export function accumulateDense(
  layer: Layer,
  codes: Uint8Array,
  begin: number,
  length: number,
  offset: number,
  accumulator: Int32Array,
): void {
  const { inputs, outputs, weight } = layer;
  for (let o = 0; o < outputs; o++) {
    let sum = 0;
    const row = o * inputs + offset;
    // Exact in a double (127 · 127 · 1e6 < 2⁵³); the store wraps like a WASM i32 would.
    for (let j = 0; j < length; j++) sum += weight[row + j] * codes[begin + j];
    accumulator[o] += sum;
  }
}

/** Adds the contribution of the non-zero columns `indices[begin..end)`; cost follows the non-zeros. */
export function accumulateSparse(
  layer: Layer,
  indices: Int32Array,
  values: Uint8Array,
  begin: number,
  end: number,
  accumulator: Int32Array,
): void {
  const { inputs, outputs, weight } = layer;
  for (let o = 0; o < outputs; o++) {
    let sum = 0;
    const row = o * inputs;
    for (let e = begin; e < end; e++) sum += weight[row + indices[e]] * values[e];
    accumulator[o] += sum;
  }
}

/**
 * ReLU and requantisation to 7 bits: clamp(⌊fround(acc · scale) + ½⌋, 0, 127),
 * every operation rounded to float32.
 */
export function writeActivation(
  layer: Layer,
  accumulator: Int32Array,
  codes: Uint8Array,
  begin: number,
): void {
  for (let o = 0; o < layer.outputs; o++) {
    const value = Math.fround(Math.fround(Math.fround(accumulator[o]) * layer.scale[o]) + 0.5);
    codes[begin + o] = value >= MAX_CODE ? MAX_CODE : value > 0 ? Math.trunc(value) : 0;
  }
}

/** Dequantises a head: logits[o] = acc · scale in float32. */
export function writeLogits(layer: Layer, accumulator: Int32Array, logits: Float32Array): void {
  for (let o = 0; o < layer.outputs; o++) {
    logits[o] = Math.fround(Math.fround(accumulator[o]) * layer.scale[o]);
  }
}
