// Softmax of one row in float64, for losses and figures; what a bundle decides by is
// the float32 softmax of the kernels.

/** softmax(row / temperature); probabilities that sum to 1. */
export function softmaxRow(row: Float32Array, temperature: number): number[] {
  const largest = row.reduce((a, b) => Math.max(a, b));
  const powers = Array.from(row, (value) => Math.exp((value - largest) / temperature));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
