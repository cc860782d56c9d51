// Softmax in float32 operations of a fixed order.
import { expNegative } from './exp.ts';

/**
 * Writes softmax(logits · inverseTemperature) to `probabilities`.
 *
 * @param logits float32 [C], finite.
 * @returns the largest probability.
 */
export function softmax(
  logits: Float32Array,
  inverseTemperature: number,
  probabilities: Float32Array,
): number {
  const { fround } = Math;
  const count = logits.length;
  let largest = logits[0];
  for (let c = 1; c < count; c++) if (logits[c] > largest) largest = logits[c];
  let sum = 0;
  for (let c = 0; c < count; c++) {
    const value = expNegative(fround(fround(logits[c] - largest) * inverseTemperature));
    probabilities[c] = value;
    sum = fround(sum + value);
  }
  let confidence = 0;
  for (let c = 0; c < count; c++) {
    const value = fround(probabilities[c] / sum);
    probabilities[c] = value;
    if (value > confidence) confidence = value;
  }
  return confidence;
}
