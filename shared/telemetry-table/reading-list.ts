// The readings of one series while its files are read: two arrays that grow, and where each file
// begins in them.
import type { Series } from './telemetry.ts';

export interface ReadingList {
  readonly length: number;
  /** Takes a reading of the file with this position. */
  push(time: number, value: number, file: number): void;
  /**
   * Readings ascending in time, the last of several for one time alone; lets go of what it holds.
   * `replaced` is told of each file one of whose readings took the place of another.
   */
  finish(replaced: (file: number) => void): Pick<Series, 'times' | 'values'>;
}

/** A campaign of ten thousand short runs has half a million series. */
const FIRST_CAPACITY = 32;

function grown(array: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(array);
  return larger;
}

export function createReadingList(): ReadingList {
  let times = new Float64Array(FIRST_CAPACITY);
  let values = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  let ordered = true;
  /** First reading and position of each file, in the order read. */
  const starts: number[] = [];
  const files: number[] = [];

  function fileOf(at: number): number {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return files[low];
  }

  return {
    get length() {
      return length;
    },
    push(time, value, file) {
      if (files[files.length - 1] !== file) {
        starts.push(length);
        files.push(file);
      }
      if (length === times.length) {
        times = grown(times, 2 * length);
        values = grown(values, 2 * length);
      }
      if (length > 0 && time <= times[length - 1]) ordered = false;
      times[length] = time;
      values[length++] = value;
    },
    finish(replaced) {
      const [heldTimes, heldValues] = [times, values];
      times = values = new Float64Array(0);
      if (ordered) {
        return { times: heldTimes.slice(0, length), values: heldValues.slice(0, length) };
      }
      const order = Uint32Array.from({ length }, (_, at) => at);
      // Of equal times the one read later stands behind, and counts.
      order.sort((a, b) => heldTimes[a] - heldTimes[b] || a - b);
      const sorted = { times: new Float64Array(length), values: new Float64Array(length) };
      let kept = 0;
      for (const at of order) {
        const repeats = kept > 0 && sorted.times[kept - 1] === heldTimes[at];
        if (repeats) replaced(fileOf(at));
        else kept++;
        sorted.times[kept - 1] = heldTimes[at];
        sorted.values[kept - 1] = heldValues[at];
      }
      return { times: sorted.times.slice(0, kept), values: sorted.values.slice(0, kept) };
    },
  };
}
