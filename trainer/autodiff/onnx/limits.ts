// Bounds of what one node may make.

/**
 * Entries of the largest intermediate of a sparse product: 256 MiB of float32, which leaves room
 * for the weights and activations on a card of 8 GiB; longer ones are made piece by piece.
 */
export const LARGEST_INTERMEDIATE = 2 ** 26;

/** Matrices in one batched product: cuBLAS lays them along an axis of the grid, 65,535 at most. */
export const LARGEST_BATCH = 65_535;

/** Cuts 0..count into ranges of at most `most` (at least 1). */
export function ranges(count: number, most: number): { start: number; end: number }[] {
  const size = Math.max(1, Math.floor(most));
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    start: i * size,
    end: Math.min(count, (i + 1) * size),
  }));
}
