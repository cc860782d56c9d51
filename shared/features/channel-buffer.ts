// The recent samples of one channel, kept in time order whatever order they arrive in.
import type { WindowSamples } from './statistics.ts';

/** 100 samples a second for a quarter of an hour; beyond it the oldest are dropped. */
export const MAX_BUFFERED_SAMPLES = 100_000;

export interface ChannelBuffer {
  /** Inserts in time order; a second sample at the same time replaces the first. */
  insert(time: number, value: number): void;
  /** Samples with `after < time ≤ until`. */
  between(after: number, until: number): WindowSamples;
  /** Drops samples with `time ≤ until`. */
  dropUntil(until: number): void;
}

/** First position whose time exceeds `time`. */
function positionAfter(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function createChannelBuffer(): ChannelBuffer {
  const times: number[] = [];
  const values: number[] = [];
  return {
    insert(time, value) {
      const last = times.length - 1;
      const position = last < 0 || times[last] <= time ? last + 1 : positionAfter(times, time);
      if (position > 0 && times[position - 1] === time) {
        values[position - 1] = value;
        return;
      }
      times.splice(position, 0, time);
      values.splice(position, 0, value);
      if (times.length > MAX_BUFFERED_SAMPLES) {
        times.shift();
        values.shift();
      }
    },
    between(after, until) {
      const begin = positionAfter(times, after);
      const end = positionAfter(times, until);
      return { times: times.slice(begin, end), values: values.slice(begin, end) };
    },
    dropUntil(until) {
      const count = positionAfter(times, until);
      times.splice(0, count);
      values.splice(0, count);
    },
  };
}
