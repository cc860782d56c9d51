// Unbroken stretches of one asset's windows, in order of time: what incidents and alarms are
// looked for in.
import type { NodePlaces } from '../../graph/graph-data.ts';

/** One entry per window, ascending in time. */
export interface Watch {
  /** Position in the places' assets. */
  readonly asset: number;
  /** Position in the places' runs. */
  readonly run: number;
  readonly nodes: Int32Array;
  /** End of the window, milliseconds since the epoch. */
  readonly time: Float64Array;
  /** Class, −1 where nobody knows it. */
  readonly truth: Int32Array;
  readonly answers: Int32Array;
}

export interface WatchOptions {
  readonly places: NodePlaces;
  /** int32 [nodeCount], −1 where unknown. */
  readonly labels: Int32Array;
  /** Windows that were answered. */
  readonly nodes: Int32Array;
  /** Class per answered window, in the order of `nodes`. */
  readonly answers: ArrayLike<number>;
  /** Windows further apart are not of one watch. @default {four usual steps} */
  readonly maxGapMs?: number | undefined;
}

/** A sensor may be silent for a window or two; who is silent for longer may have been repaired. */
const GAP_STEPS = 4;

/** Nodes of every run and asset that has any, ascending in time. */
function series({ asset, run, time, assets }: NodePlaces): number[][] {
  const found = new Map<number, number[]>();
  time.forEach((_, node) => {
    const key = run[node] * assets.length + asset[node];
    const list = found.get(key);
    if (list) list.push(node);
    else found.set(key, [node]);
  });
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([, nodes]) => nodes.sort((a, b) => time[a] - time[b] || a - b));
}

/** Median time from a window to the next of its asset, milliseconds; 0 where none follows another. */
export function usualStep(places: NodePlaces): number {
  const { time } = places;
  const steps = series(places).flatMap((nodes) =>
    nodes.slice(1).map((node, i) => time[node] - time[nodes[i]]),
  );
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
}

/**
 * Cuts the answered windows where a window between them was not answered, and where time passed
 * without one. By run, then asset, then time.
 */
export function watchesOf(options: WatchOptions): Watch[] {
  const { places, labels, nodes, answers } = options;
  const { maxGapMs = GAP_STEPS * usualStep(places) } = options;
  const position = new Int32Array(places.time.length).fill(-1);
  nodes.forEach((node, i) => {
    position[node] = i;
  });
  const stretches: number[][] = [];
  for (const list of series(places)) {
    let current: number[] | undefined;
    let last = Number.NEGATIVE_INFINITY;
    for (const node of list) {
      if (position[node] < 0) {
        current = undefined;
        continue;
      }
      if (current === undefined || places.time[node] - last > maxGapMs) {
        current = [];
        stretches.push(current);
      }
      current.push(node);
      last = places.time[node];
    }
  }
  return stretches.map((list) => ({
    asset: places.asset[list[0]],
    run: places.run[list[0]],
    nodes: Int32Array.from(list),
    time: Float64Array.from(list, (node) => places.time[node]),
    truth: Int32Array.from(list, (node) => labels[node]),
    answers: Int32Array.from(list, (node) => answers[position[node]]),
  }));
}

/**
 * Share of answered windows, but the last of each asset, whose next window was answered too, 0..1:
 * near 1 for whole runs and days, near the share of answered windows where they were drawn by
 * chance. 0 without any.
 */
export function unbrokenShare(places: NodePlaces, nodes: Int32Array): number {
  const answered = new Uint8Array(places.time.length);
  for (const node of nodes) answered[node] = 1;
  let followed = 0;
  let all = 0;
  for (const list of series(places)) {
    for (let i = 0; i + 1 < list.length; i++) {
      all += answered[list[i]];
      followed += answered[list[i]] * answered[list[i + 1]];
    }
  }
  return all === 0 ? 0 : followed / all;
}
