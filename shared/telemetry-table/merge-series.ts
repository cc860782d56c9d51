// The readings of one run in the order of time, as a gateway would have heard them.
import type { Series } from './telemetry.ts';

/** One reading: where it stands. */
export interface ReadingPlace {
  readonly series: Series;
  readonly at: number;
}

/** A binary heap of series by the time of their next reading, then by their order in the list. */
interface Heap {
  readonly order: Int32Array;
  readonly next: Int32Array;
  size: number;
}

function sink(heap: Heap, isBefore: (a: number, b: number) => boolean, from: number): void {
  const { order, size } = heap;
  let at = from;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= size) return;
    const child = left + 1 < size && isBefore(order[left + 1], order[left]) ? left + 1 : left;
    if (!isBefore(order[child], order[at])) return;
    const moved = order[at];
    order[at] = order[child];
    order[child] = moved;
    at = child;
  }
}

/**
 * Merges series, each ascending in time: readings of one time come in the order of the list.
 *
 * @returns the place of each reading; one object, which changes with every step.
 */
export function* mergeSeries(list: readonly Series[]): Generator<ReadingPlace> {
  const filled = list.filter(({ times }) => times.length > 0);
  const heap: Heap = {
    order: Int32Array.from(filled, (_, i) => i),
    next: new Int32Array(filled.length),
    size: filled.length,
  };
  const timeOf = (i: number) => filled[i].times[heap.next[i]];
  const isBefore = (a: number, b: number) => {
    const [left, right] = [timeOf(a), timeOf(b)];
    return left < right || (left === right && a < b);
  };
  for (let at = (filled.length >> 1) - 1; at >= 0; at--) sink(heap, isBefore, at);
  const place = { series: filled[0], at: 0 };
  while (heap.size > 0) {
    const first = heap.order[0];
    place.series = filled[first];
    place.at = heap.next[first]++;
    yield place;
    if (heap.next[first] === filled[first].times.length) {
      heap.order[0] = heap.order[--heap.size];
    }
    sink(heap, isBefore, 0);
  }
}
