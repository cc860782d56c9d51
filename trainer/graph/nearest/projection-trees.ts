// Random projection trees (Dasgupta & Freund 2008): rows that fall into one leaf are likely near.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';

export interface Tree {
  /** int32 [rows], the rows leaf by leaf. */
  readonly order: Int32Array;
  /** Ends of the leaves in `order`, ascending. */
  readonly ends: readonly number[];
}

/**
 * Divides order[from..to) by the plane halfway between two of its rows.
 *
 * @returns the first place of the second half.
 */
function divide(
  { values, width }: FloatRows,
  order: Int32Array,
  from: number,
  to: number,
  random: Random,
): number {
  const a = order[from + random.below(to - from)] * width;
  const b = order[from + random.below(to - from)] * width;
  let offset = 0;
  const normal = new Float64Array(width);
  for (let j = 0; j < width; j++) {
    normal[j] = values[a + j] - values[b + j];
    offset += (normal[j] * (values[a + j] + values[b + j])) / 2;
  }
  let low = from;
  let high = to;
  while (low < high) {
    const row = order[low] * width;
    let side = -offset;
    for (let j = 0; j < width; j++) side += normal[j] * values[row + j];
    // Rows on the plane, such as copies of one another, go to either side.
    if (side > 0 || (side === 0 && random.next() < 0.5)) low++;
    else {
      high--;
      const kept = order[low];
      order[low] = order[high];
      order[high] = kept;
    }
  }
  return low;
}

/** A half smaller than this is no division: rows far from all others would make a tree a list. */
const LEAST_SHARE = 0.02;

/** A tree whose leaves hold `leaf` rows at most. */
export function projectionTree(rows: FloatRows, leaf: number, random: Random): Tree {
  const order = Int32Array.from({ length: rows.count }, (_, row) => row);
  const ends: number[] = [];
  const open: [number, number][] = [[0, rows.count]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, to] = next;
    if (to - from <= leaf) {
      ends.push(to);
      continue;
    }
    const found = divide(rows, order, from, to, random);
    const least = Math.ceil((to - from) * LEAST_SHARE);
    const middle = Math.min(to - least, Math.max(from + least, found));
    open.push([middle, to], [from, middle]);
  }
  return { order, ends };
}
