// The nearest rows found so far of every row, nearest first.

export interface NeighbourLists {
  readonly count: number;
  /** Places per row. */
  readonly size: number;
  /** int32 [count, size], −1 where nothing was found. */
  readonly indices: Int32Array;
  /** Squared, float64 [count, size], ∞ where nothing was found. */
  readonly distances: Float64Array;
  /** 1 where an entry came in since this was last cleared; uint8 [count, size]. */
  readonly fresh: Uint8Array;
}

export function createNeighbourLists(count: number, size: number): NeighbourLists {
  return {
    count,
    size,
    indices: new Int32Array(count * size).fill(-1),
    distances: new Float64Array(count * size).fill(Number.POSITIVE_INFINITY),
    fresh: new Uint8Array(count * size),
  };
}

/**
 * Offers `other` to the list of `row`. Equal distances are in the order of the rows, so that a
 * list depends on what it was offered and not on when.
 *
 * @returns whether it came in.
 */
export function offer(
  { size, indices, distances, fresh }: NeighbourLists,
  row: number,
  other: number,
  distance: number,
): boolean {
  const start = row * size;
  let at = start + size;
  if (distance > distances[at - 1]) return false;
  while (
    at > start &&
    (distance < distances[at - 1] || (distance === distances[at - 1] && other < indices[at - 1]))
  ) {
    at--;
  }
  if (at === start + size) return false;
  if (at > start && indices[at - 1] === other) return false;
  for (let e = start + size - 1; e > at; e--) {
    indices[e] = indices[e - 1];
    distances[e] = distances[e - 1];
    fresh[e] = fresh[e - 1];
  }
  indices[at] = other;
  distances[at] = distance;
  fresh[at] = 1;
  return true;
}

/** The first `size` places of every list. */
export function shortened(lists: NeighbourLists, size: number): NeighbourLists {
  if (size === lists.size) return lists;
  const short = createNeighbourLists(lists.count, size);
  for (let row = 0; row < lists.count; row++) {
    const from = row * lists.size;
    short.indices.set(lists.indices.subarray(from, from + size), row * size);
    short.distances.set(lists.distances.subarray(from, from + size), row * size);
  }
  return short;
}
