// Every pair of rows, in blocks that stay in the cache.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Excluded } from './guard.ts';
import { createNeighbourLists, type NeighbourLists, offer } from './neighbour-lists.ts';
import type { Pace } from './pace.ts';
import { squaredDistance } from './squared-distance.ts';

/** Two blocks of 64 columns take 64 kB, which second-level caches hold. */
const BLOCK = 128;

export interface ExactOptions {
  readonly rows: FloatRows;
  readonly neighbours: number;
  readonly excluded: Excluded;
  readonly pace: Pace;
}

function joinBlocks(
  lists: NeighbourLists,
  { rows: { count, width, values }, excluded }: ExactOptions,
  first: number,
  second: number,
): void {
  const aEnd = Math.min(count, first + BLOCK);
  const bEnd = Math.min(count, second + BLOCK);
  for (let a = first; a < aEnd; a++) {
    for (let b = first === second ? a + 1 : second; b < bEnd; b++) {
      const distance = squaredDistance(values, width, a, b);
      const last = lists.size - 1;
      const wanted =
        distance <= lists.distances[a * lists.size + last] ||
        distance <= lists.distances[b * lists.size + last];
      if (!wanted || excluded(a, b)) continue;
      offer(lists, a, b, distance);
      offer(lists, b, a, distance);
    }
  }
}

export async function exactNeighbours(options: ExactOptions): Promise<NeighbourLists> {
  const { rows, neighbours, pace } = options;
  const lists = createNeighbourLists(rows.count, neighbours);
  const pairs = (rows.count / BLOCK) ** 2 / 2;
  let done = 0;
  for (let first = 0; first < rows.count; first += BLOCK) {
    for (let second = first; second < rows.count; second += BLOCK) {
      joinBlocks(lists, options, first, second);
      await pace.breathe(Math.min(1, ++done / pairs));
    }
  }
  return lists;
}
