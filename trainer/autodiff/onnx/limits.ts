// Bounds of what one node may make.

/**
 * Entries of the largest intermediate of a sparse product, 64 MiB of float32; longer ones are made
 * piece by piece. A GCN step on 169,343 nodes and 2.5 M entries took 3.1 GB at 2²⁶, 2.5 GB at 2²⁴
 * and 1.7 GB at 2²³, at the same speed on the CPU; the smaller the pieces, the more a large card
 * would wait for launches.
 */
export const LARGEST_INTERMEDIATE = 2 ** 24;

/** Matrices in one batched product: they may lie along an axis of CUDA's grid, 65,535 at most. */
export const LARGEST_BATCH = 65_535;

/** Cuts 0..count into ranges of at most `most` (at least 1). */
export function ranges(count: number, most: number): { start: number; end: number }[] {
  const size = Math.max(1, Math.floor(most));
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    start: i * size,
    end: Math.min(count, (i + 1) * size),
  }));
}
