// Windows at the borders of sets: those that share readings with a window of another set.
import type { NodePlaces } from '../../graph/graph-data.ts';
import { HIDDEN_SETS, SET_NAMES, type SetName } from './set-names.ts';

export interface PurgeOptions {
  readonly places: NodePlaces;
  /** float64 [nodes], see `windowStarts`. */
  readonly starts: Float64Array;
  /** By node, as its block was dealt. */
  readonly dealt: readonly SetName[];
}

export interface Purged {
  /** By node; `undefined` where a window belongs to no set. */
  readonly sets: readonly (SetName | undefined)[];
  /** uint8 [nodes]: 1 where training must not see a window. */
  readonly hidden: Uint8Array;
}

/**
 * Of two windows of different sets that overlap, on whatever machine, the later one is taken out;
 * where it shares readings with a hidden window it is hidden itself.
 */
export function purgeBorders({ places, starts, dealt }: PurgeOptions): Purged {
  const { time, run } = places;
  const order = Int32Array.from(time, (_, node) => node).sort(
    (a, b) => run[a] - run[b] || time[a] - time[b] || a - b,
  );
  const sets: (SetName | undefined)[] = [...dealt];
  const hidden = new Uint8Array(time.length);
  const latest = new Map<SetName, number>();
  let current = -1;
  for (const node of order) {
    if (run[node] !== current) latest.clear();
    current = run[node];
    const own = dealt[node];
    const overlaps = (set: SetName) =>
      set !== own && (latest.get(set) ?? Number.NEGATIVE_INFINITY) > starts[node];
    const isHidden = HIDDEN_SETS.includes(own) || HIDDEN_SETS.some(overlaps);
    if (isHidden) hidden[node] = 1;
    if (SET_NAMES.some(overlaps)) sets[node] = undefined;
    else latest.set(own, time[node]);
  }
  return { sets, hidden };
}
