// Cuts a run into blocks, where possible between incidents.
import type { WindowLine } from '../window-lines.ts';

/** A block loses up to a window's length at its borders: an eighth of it at most. */
const LEAST_WINDOWS = 8;
/** A block may be this many times as long as the shortest if that spares an incident. */
const LONGEST = 3;

export interface CutRunOptions {
  /** Of the run. */
  readonly lines: readonly WindowLine[];
  readonly labels: Int32Array;
  /** Position of the class in which nothing happens, −1 where there is none. */
  readonly normal: number;
  /** Length of a window, milliseconds. */
  readonly windowMs: number;
  /** Length of a block that suits the history, milliseconds. */
  readonly wantedMs: number;
  /** Given: blocks of this length, whatever happens at their borders. */
  readonly blockMs: number | undefined;
}

export interface Cuts {
  /** Times at which a block begins, ascending; the first is the run's. */
  readonly starts: readonly number[];
  /** Incidents, asset by asset, that lie across a border. */
  readonly divided: number;
}

/** For each of `times` the incidents that a border just before it would divide. */
function incidentsAcross({ lines, labels, normal }: CutRunOptions, times: Float64Array) {
  const position = new Map(Array.from(times, (time, i) => [time, i]));
  const change = new Int32Array(times.length + 1);
  for (const { nodes, times: own } of lines) {
    for (let i = 1; i < nodes.length; i++) {
      const label = labels[nodes[i]];
      if (label < 0 || label === normal || label !== labels[nodes[i - 1]]) continue;
      change[position.get(own[i - 1])! + 1]++;
      change[position.get(own[i])! + 1]--;
    }
  }
  let open = 0;
  return times.map((_, i) => {
    open += change[i];
    return open;
  });
}

/** The border after the block that begins at `times[from]`; `undefined` where the rest is one block. */
function nextBorder(times: Float64Array, across: Float64Array, from: number, leastMs: number) {
  const last = times[times.length - 1];
  let best: number | undefined;
  for (let i = from + 1; i < times.length; i++) {
    const length = times[i] - times[from];
    if (last - times[i] < leastMs || length > LONGEST * leastMs) break;
    if (length >= leastMs && (best === undefined || across[i] < across[best])) best = i;
  }
  return best;
}

function givenBorders(times: Float64Array, blockMs: number): number[] {
  const blockOf = (time: number) => Math.floor((time - times[0]) / blockMs);
  return Array.from(times.keys()).filter(
    (i) => i > 0 && blockOf(times[i]) !== blockOf(times[i - 1]),
  );
}

function foundBorders(times: Float64Array, across: Float64Array, leastMs: number): number[] {
  const borders: number[] = [];
  for (
    let border = nextBorder(times, across, 0, leastMs);
    border !== undefined;
    border = nextBorder(times, across, border, leastMs)
  ) {
    borders.push(border);
  }
  return borders;
}

export function cutRun(options: CutRunOptions): Cuts {
  const { lines, windowMs, wantedMs, blockMs } = options;
  const times = Float64Array.from(new Set(lines.flatMap((line) => [...line.times]))).sort();
  const across = incidentsAcross(options, times);
  const borders =
    blockMs !== undefined
      ? givenBorders(times, blockMs)
      : foundBorders(times, across, Math.max(wantedMs, LEAST_WINDOWS * windowMs));
  return {
    starts: [times[0], ...borders.map((i) => times[i])],
    divided: borders.reduce((sum, i) => sum + across[i], 0),
  };
}
