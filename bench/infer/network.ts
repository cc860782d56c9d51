// Networks to measure: the same weights for every side.
import { createRandom, type Random } from '@dandan/shared/random';

/** One hidden layer with ReLU and a head, float32; the sizes of a student. */
export interface Network {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
  /** float32 [outputs, inputs], row-major, as ONNX and our bundles have them. */
  readonly hiddenWeight: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly headWeight: Float32Array;
  readonly headBias: Float32Array;
}

function matrix(random: Random, outputs: number, inputs: number, reads: number): Float32Array {
  return Float32Array.from({ length: outputs * inputs }, () => random.normal() / Math.sqrt(reads));
}

/** @param reads inputs that are not zero in a row: they set the size of the weights. */
export function createNetwork(
  inputs: number,
  hidden: number,
  classes: number,
  reads: number,
): Network {
  const random = createRandom(inputs + hidden + classes);
  const bias = (length: number) => Float32Array.from({ length }, () => 0.1 * random.normal());
  return {
    inputs,
    hidden,
    classes,
    hiddenWeight: matrix(random, hidden, inputs, reads),
    hiddenBias: bias(hidden),
    headWeight: matrix(random, classes, hidden, hidden),
    headBias: bias(classes),
  };
}

/** Value of one code: codes 0..127 stand for 0..1. */
export const INPUT_SCALE = 1 / 127;

/** Largest hidden activation that the codes express; larger ones are cut off, on every int8 side alike. */
export const HIDDEN_RANGE = 4;

/** [outputs, inputs] to [inputs, outputs]. */
export function transposed(weight: Float32Array, outputs: number, inputs: number): Float32Array {
  const result = new Float32Array(weight.length);
  for (let o = 0; o < outputs; o++) {
    for (let j = 0; j < inputs; j++) result[j * outputs + o] = weight[o * inputs + j];
  }
  return result;
}
