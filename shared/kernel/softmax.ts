// Softmax in float32 operations of a fixed order: four partial sums, as vector units add, and one
// reciprocal instead of a division for every class.
import { expNegative } from './exp.ts';

const LANES = 4;
const partial = new Float32Array(LANES);

/**
 * Writes softmax(logits · inverseTemperature) to `probabilities`. Class c is added to partial sum
 * c mod 4; the sums to (s₀ + s₂) + (s₁ + s₃).
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
  partial.fill(0);
  for (let c = 0; c < count; c++) {
    const value = expNegative(fround(fround(logits[c] - largest) * inverseTemperature));
    probabilities[c] = value;
    partial[c % LANES] += value;
  }
  const [s0, s1, s2, s3] = partial;
  // The largest logit has e⁰ = 1, so that the reciprocal is its probability.
  const reciprocal = fround(1 / fround(fround(s0 + s2) + fround(s1 + s3)));
  for (let c = 0; c < count; c++) probabilities[c] = fround(probabilities[c] * reciprocal);
  return reciprocal;
}
