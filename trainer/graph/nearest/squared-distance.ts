// Euclidean distance of two rows of one matrix, squared.

/**
 * Four sums, so that the processor need not wait for one addition before the next; always in the
 * same order, so that the bits depend on the two rows alone and not on which comes first.
 */
export function squaredDistance(values: Float32Array, width: number, a: number, b: number): number {
  let i = a * width;
  let j = b * width;
  const end = i + width;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (const last = end - 3; i < last; i += 4, j += 4) {
    const d0 = values[i] - values[j];
    const d1 = values[i + 1] - values[j + 1];
    const d2 = values[i + 2] - values[j + 2];
    const d3 = values[i + 3] - values[j + 3];
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; i < end; i++, j++) {
    const d = values[i] - values[j];
    s0 += d * d;
  }
  return s0 + s1 + (s2 + s3);
}
