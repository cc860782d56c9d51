// The recent samples of one channel, kept in time order whatever order they arrive in.
import type { SampleRange } from './statistics.ts';

/** 100 samples a second for a quarter of an hour; beyond it the oldest are dropped. */
export const MAX_BUFFERED_SAMPLES = 100_000;

/** What a window of a slow channel holds; doubled as needed. */
const FIRST_CAPACITY = 16;

/** Takes no memory for a channel that never reports. */
const NO_NUMBERS = new Float64Array(0);

export interface DroppedSample {
  readonly time: number;
  readonly value: number;
}

export interface ChannelBuffer {
  /** Samples held. */
  readonly size: number;
  /** Time of the newest sample that was dropped; −Infinity before the first. */
  readonly droppedTime: number;
  readonly droppedValue: number;
  /** Time of the oldest sample; NaN without any. */
  readonly oldest: number;
  /**
   * Inserts in time order; a second sample at the same time replaces the first.
   *
   * @returns whether its time is new.
   */
  insert(time: number, value: number): boolean;
  /** Samples with `after < time ≤ until`; valid until the next change. */
  between(after: number, until: number): SampleRange;
  /** Drops samples with `time ≤ until`. */
  dropUntil(until: number): void;
}

/**
 * Samples lie side by side in one array that slides: the oldest fall off in front, and what is left
 * moves to the front once the back is reached, so that a window is a stretch of it without a copy.
 */
export function createChannelBuffer(dropped?: DroppedSample): ChannelBuffer {
  let times = NO_NUMBERS;
  let values = NO_NUMBERS;
  let begin = 0;
  let end = 0;
  let droppedTime = dropped?.time ?? Number.NEGATIVE_INFINITY;
  let droppedValue = dropped?.value ?? Number.NaN;

  /** First position whose time exceeds `time`. */
  function positionAfter(time: number): number {
    let low = begin;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  function makeRoom(): void {
    const count = end - begin;
    if (count * 2 >= times.length) {
      const [olderTimes, olderValues] = [times, values];
      const capacity = Math.max(FIRST_CAPACITY, times.length * 2);
      times = new Float64Array(capacity);
      values = new Float64Array(capacity);
      times.set(olderTimes.subarray(begin, end));
      values.set(olderValues.subarray(begin, end));
    } else {
      times.copyWithin(0, begin, end);
      values.copyWithin(0, begin, end);
    }
    begin = 0;
    end = count;
  }

  function dropBefore(position: number): void {
    if (position === begin) return;
    if (times[position - 1] > droppedTime) {
      droppedTime = times[position - 1];
      droppedValue = values[position - 1];
    }
    begin = position;
  }

  return {
    get size() {
      return end - begin;
    },
    get droppedTime() {
      return droppedTime;
    },
    get droppedValue() {
      return droppedValue;
    },
    get oldest() {
      return begin === end ? Number.NaN : times[begin];
    },
    insert(time, value) {
      let position = end === begin || times[end - 1] <= time ? end : positionAfter(time);
      if (position > begin && times[position - 1] === time) {
        values[position - 1] = value;
        return false;
      }
      if (end === times.length) {
        position -= begin;
        makeRoom();
      }
      if (position < end) {
        times.copyWithin(position + 1, position, end);
        values.copyWithin(position + 1, position, end);
      }
      times[position] = time;
      values[position] = value;
      end++;
      if (end - begin > MAX_BUFFERED_SAMPLES) dropBefore(begin + 1);
      return true;
    },
    between: (after, until) => ({
      times,
      values,
      begin: positionAfter(after),
      end: positionAfter(until),
    }),
    dropUntil(until) {
      dropBefore(positionAfter(until));
    },
  };
}
