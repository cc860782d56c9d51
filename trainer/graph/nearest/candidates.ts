// What a step of the descent compares: for every row some of the rows that are in its list or
// that have it in theirs, those that are new apart from those that were there before.
import type { Random } from '@dandan/shared/random';
import type { NeighbourLists } from './neighbour-lists.ts';

/** Row i holds `counts[i]` rows from place i × size on. */
export interface Candidates {
  readonly size: number;
  readonly rows: Int32Array;
  readonly counts: Int32Array;
}

export interface CandidateSets {
  readonly fresh: Candidates;
  readonly old: Candidates;
}

const empty = (count: number, size: number): Candidates => ({
  size,
  rows: new Int32Array(count * size),
  counts: new Int32Array(count),
});

function has({ size, rows }: Candidates, row: number, other: number, places: number): boolean {
  const start = row * size;
  for (let e = start; e < start + places; e++) if (rows[e] === other) return true;
  return false;
}

/** Adds to a sample in which everything offered is equally likely to stay (Vitter 1985). */
function sampler(into: Candidates, offered: Int32Array, random: Random) {
  const { size, rows, counts } = into;
  return (row: number, other: number): void => {
    if (has(into, row, other, counts[row])) return;
    offered[row]++;
    if (counts[row] < size) rows[row * size + counts[row]++] = other;
    else {
      const place = random.below(offered[row]);
      if (place < size) rows[row * size + place] = other;
    }
  };
}

/** Draws up to `size` new and as many old candidates a row; what was drawn is no longer new. */
export function drawCandidates(lists: NeighbourLists, size: number, random: Random): CandidateSets {
  const { count, indices, fresh: isFresh, size: places } = lists;
  const fresh = empty(count, size);
  const old = empty(count, size);
  const addFresh = sampler(fresh, new Int32Array(count), random);
  const addOld = sampler(old, new Int32Array(count), random);
  for (let row = 0; row < count; row++) {
    for (let e = row * places; e < (row + 1) * places && indices[e] >= 0; e++) {
      const add = isFresh[e] === 1 ? addFresh : addOld;
      add(row, indices[e]);
      add(indices[e], row);
    }
  }
  for (let row = 0; row < count; row++) {
    for (let e = row * places; e < (row + 1) * places && indices[e] >= 0; e++) {
      if (isFresh[e] === 1 && has(fresh, row, indices[e], fresh.counts[row])) isFresh[e] = 0;
    }
  }
  return { fresh, old };
}
