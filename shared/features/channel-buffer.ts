// The recent samples of one channel, kept in time order whatever order they arrive in.
// Plain data and functions: a gateway holds tens of thousands of them.
import type { SampleRange } from './window.ts';

/** 100 samples a second for a quarter of an hour; beyond it the oldest are dropped. */
export const MAX_BUFFERED_SAMPLES = 100_000;

/** A burst's room is given back, a window's is not made anew all the time. */
const SPARE_SAMPLES = 1024;

/**
 * The samples stand at `begin ≤ position < end` of two lists that slide: the oldest fall off in
 * front, and what is left moves to the front once the back is reached, so that a window is a
 * stretch of them without a copy.
 */
export interface ChannelBuffer {
  readonly times: number[];
  readonly values: number[];
  begin: number;
  end: number;
  /** Time of the newest sample that was dropped; −Infinity before the first. */
  droppedTime: number;
  droppedValue: number;
  /** Time since which the value has been that, where changes are followed. */
  droppedSince: number;
  readonly followsChanges: boolean;
}

/** A list that holds float64 from the start: others change their layout with the first fraction. */
function createNumbers(): number[] {
  const numbers = [0.5];
  numbers.length = 0;
  return numbers;
}

export function createChannelBuffer(followsChanges = false): ChannelBuffer {
  return {
    times: createNumbers(),
    values: createNumbers(),
    begin: 0,
    end: 0,
    droppedTime: Number.NEGATIVE_INFINITY,
    droppedValue: Number.NaN,
    droppedSince: Number.NaN,
    followsChanges,
  };
}

/** Of what is held now. */
export function copyBuffer(buffer: ChannelBuffer): ChannelBuffer {
  const { begin, end } = buffer;
  const times = buffer.times.slice(begin, end);
  const values = buffer.values.slice(begin, end);
  return { ...buffer, times, values, begin: 0, end: end - begin };
}

/** Samples held. */
export function sizeOf({ begin, end }: ChannelBuffer): number {
  return end - begin;
}

/** First position whose time exceeds `time`. */
function positionAfter({ times, begin, end }: ChannelBuffer, time: number): number {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The samples with `time ≤ until`; valid until the next change. */
export function rangeUntil(buffer: ChannelBuffer, until: number): SampleRange {
  const { times, values, begin, end } = buffer;
  if (begin === end || times[end - 1] <= until) return buffer;
  return { times, values, begin, end: positionAfter(buffer, until) };
}

/** Moves what is held to the front, where that frees half of the lists at least. */
function slide(buffer: ChannelBuffer): void {
  const { times, values, begin, end } = buffer;
  if (2 * begin < times.length) return;
  for (let i = begin; i < end; i++) {
    times[i - begin] = times[i];
    values[i - begin] = values[i];
  }
  buffer.begin = 0;
  buffer.end = end - begin;
  if (times.length > SPARE_SAMPLES && 8 * buffer.end < times.length) {
    times.length = buffer.end;
    values.length = buffer.end;
  }
}

/** Finds the last change among what is about to be dropped. */
function followChanges(buffer: ChannelBuffer, position: number): void {
  const { times, values, begin, droppedTime } = buffer;
  let value = buffer.droppedValue;
  for (let i = begin; i < position; i++) {
    if (times[i] <= droppedTime || values[i] === value) continue;
    value = values[i];
    buffer.droppedSince = times[i];
  }
}

function dropBefore(buffer: ChannelBuffer, position: number): void {
  if (position === buffer.begin) return;
  if (buffer.followsChanges) followChanges(buffer, position);
  const time = buffer.times[position - 1];
  if (time > buffer.droppedTime) {
    buffer.droppedTime = time;
    buffer.droppedValue = buffer.values[position - 1];
  }
  buffer.begin = position;
}

/** Drops samples with `time ≤ until`. */
export function dropUntil(buffer: ChannelBuffer, until: number): void {
  dropBefore(buffer, positionAfter(buffer, until));
}

/**
 * Inserts in time order; a second sample at the same time replaces the first.
 *
 * @returns whether its time is new.
 */
export function insertSample(buffer: ChannelBuffer, time: number, value: number): boolean {
  const { times, values } = buffer;
  if (buffer.end === times.length && buffer.begin > 0) slide(buffer);
  const { begin, end } = buffer;
  const isLatest = end === begin || times[end - 1] <= time;
  const position = isLatest ? end : positionAfter(buffer, time);
  if (position > begin && times[position - 1] === time) {
    values[position - 1] = value;
    return false;
  }
  for (let i = end; i > position; i--) {
    times[i] = times[i - 1];
    values[i] = values[i - 1];
  }
  times[position] = time;
  values[position] = value;
  buffer.end = end + 1;
  if (buffer.end - begin > MAX_BUFFERED_SAMPLES) dropBefore(buffer, begin + 1);
  return true;
}
