// What is known of one machine in one run, as a line cut at every begin and end of an interval.
import type { LabelInterval } from '../label-interval.ts';

/** Nobody says. */
export const UNLABELLED = -1;

/** Intervals of several classes overlap. */
export const CONTRADICTORY = -2;

export interface TimelineInterval extends LabelInterval {
  /** Position of its class. */
  readonly label: number;
}

export interface Timeline {
  /** float64, ascending: begins and ends, without repeats. */
  readonly cuts: Float64Array;
  /** int32, label between cut i and cut i + 1. */
  readonly between: Int32Array;
  /** int32, label at cut i itself. */
  readonly at: Int32Array;
  /** float64, ascending: where stretches of one class begin and end, for margins. */
  readonly ends: Float64Array;
}

function only(labels: ReadonlySet<number>): number {
  const [first = UNLABELLED] = labels;
  return labels.size > 1 ? CONTRADICTORY : first;
}

function change(active: Map<number, number>, label: number, by: number): void {
  const count = (active.get(label) ?? 0) + by;
  if (count === 0) active.delete(label);
  else active.set(label, count);
}

/** Joins intervals of one class that overlap or touch: between them there is no margin. */
function endsOf(intervals: readonly TimelineInterval[]): Float64Array {
  const ends: number[] = [];
  for (const own of Map.groupBy(intervals, ({ label }) => label).values()) {
    const sorted = [...own].sort((a, b) => a.from - b.from);
    let [from, to] = [sorted[0].from, sorted[0].to];
    for (const next of sorted) {
      if (next.from > to) {
        ends.push(from, to);
        from = next.from;
      }
      to = Math.max(to, next.to);
    }
    ends.push(from, to);
  }
  return Float64Array.from(ends.filter(Number.isFinite)).sort();
}

/**
 * At an instant at which one class ends and another begins it is the one that ends: the window
 * that ends there lies in it.
 */
export function createTimeline(intervals: readonly TimelineInterval[]): Timeline {
  const cuts = Float64Array.from(new Set(intervals.flatMap(({ from, to }) => [from, to]))).sort();
  const position = new Map([...cuts].map((time, index) => [time, index]));
  const opening = Map.groupBy(intervals, ({ from }) => position.get(from)!);
  const closing = Map.groupBy(intervals, ({ to }) => position.get(to)!);
  const between = new Int32Array(Math.max(0, cuts.length - 1));
  const at = new Int32Array(cuts.length);
  const active = new Map<number, number>();
  for (let i = 0; i < cuts.length; i++) {
    const labels = new Set(active.keys());
    for (const { label, from, to } of opening.get(i) ?? []) {
      if (to > from) change(active, label, 1);
      else labels.add(label);
    }
    for (const { label, from, to } of closing.get(i) ?? []) {
      if (to > from) change(active, label, -1);
    }
    const after = only(new Set(active.keys()));
    at[i] = labels.size > 0 ? only(labels) : after;
    if (i < between.length) between[i] = after;
  }
  return { cuts, between, at, ends: endsOf(intervals) };
}

/** Position of the last of `sorted` that is not above `time`; −1 where there is none. */
export function lastAtOrBefore(sorted: Float64Array, time: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether `time` is nearer than `margin` to where a stretch begins or ends. */
export function isNearEnd({ ends }: Timeline, time: number, margin: number): boolean {
  const before = lastAtOrBefore(ends, time);
  return (
    (before >= 0 && time - ends[before] < margin) ||
    (before + 1 < ends.length && ends[before + 1] - time < margin)
  );
}
