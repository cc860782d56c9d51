// From what people know of stretches of time to the label of every window.
import { InputError } from '@dandan/shared/error';
import type { LabelInterval } from '../label-interval.ts';
import {
  CONTRADICTORY,
  createTimeline,
  isNearEnd,
  lastAtOrBefore,
  type Timeline,
  type TimelineInterval,
  UNLABELLED,
} from './timeline.ts';

/** A window: its label is what holds at its end. */
export interface RowPlace {
  readonly asset: string;
  readonly run: string;
  /** End of the window, milliseconds since the epoch. */
  readonly time: number;
}

export interface LabelRowsOptions {
  readonly rows: readonly RowPlace[];
  readonly intervals: readonly LabelInterval[];
  /** Classes in the order of the answers. */
  readonly classes: readonly string[];
  /** Class of rows that no interval contains. @default {none: they are unlabelled} */
  readonly otherwise?: string | undefined;
  /** Rows this near to the begin or end of an interval are left unlabelled. @default {0} */
  readonly marginMs?: number | undefined;
}

export interface LabelledRows {
  /** int32 [rows], position in `classes`; −1 where unknown. */
  readonly labels: Int32Array;
  /** int32 [intervals], rows that an interval gives their label. */
  readonly counts: Int32Array;
  /** Rows that are unlabelled because they are within the margin. */
  readonly withinMargin: number;
  /** Rows that are unlabelled because intervals of several classes contain them. */
  readonly contradictory: number;
}

interface Line extends Timeline {
  /** Those that it is made of, with their positions. */
  readonly intervals: readonly (readonly [index: number, interval: TimelineInterval])[];
  /** Rows labelled between cut i and cut i + 1, and at cut i. */
  readonly countBetween: Int32Array;
  readonly countAt: Int32Array;
}

function labelOf(classes: readonly string[], name: string, field: string): number {
  const label = classes.indexOf(name);
  if (label >= 0) return label;
  throw new InputError('data-invalid', `'${name}' is none of the classes`, {
    field,
    value: name,
    allowed: `one of ${classes.join(', ')}`,
  });
}

/** Finds the intervals of a machine in a run without looking at all others. */
function createLines({ intervals, classes }: LabelRowsOptions) {
  const labelled = intervals.map(
    (interval): TimelineInterval => ({
      ...interval,
      label: labelOf(classes, interval.class, 'class'),
    }),
  );
  const byAsset = Map.groupBy(labelled.keys(), (index) => labelled[index].asset);
  return (asset: string, run: string): Line => {
    const own = [...(byAsset.get(undefined) ?? []), ...(byAsset.get(asset) ?? [])]
      .map((index) => [index, labelled[index]] as const)
      .filter(([, interval]) => (interval.run ?? run) === run);
    const timeline = createTimeline(own.map(([, interval]) => interval));
    return {
      ...timeline,
      intervals: own,
      countBetween: new Int32Array(timeline.between.length),
      countAt: new Int32Array(timeline.at.length),
    };
  };
}

/** Adds to `counts` what the rows of a line owe to each of its intervals. */
function countRows(line: Line, counts: Int32Array): void {
  const { cuts, at, countBetween, countAt } = line;
  // Sums up to and including cut i, and up to the stretch behind it.
  const upTo = new Float64Array(cuts.length);
  for (let i = 0; i < cuts.length; i++) {
    upTo[i] = countAt[i] + (i === 0 ? 0 : upTo[i - 1] + countBetween[i - 1]);
  }
  for (const [index, { from, to, label }] of line.intervals) {
    const [begin, end] = [lastAtOrBefore(cuts, from), lastAtOrBefore(cuts, to)];
    // At its begin the rows may be of the interval before.
    counts[index] += upTo[end] - upTo[begin] + (at[begin] === label ? countAt[begin] : 0);
  }
}

/**
 * Labels rows by the interval that contains their time, both ends included, and tells what each
 * interval came to.
 *
 * @throws {InputError} `data-invalid` for a class that `classes` does not have.
 */
export function labelAndCount(options: LabelRowsOptions): LabelledRows {
  const { rows, intervals, classes, otherwise, marginMs = 0 } = options;
  const rest = otherwise === undefined ? UNLABELLED : labelOf(classes, otherwise, 'otherwise');
  const createLine = createLines(options);
  const lines = new Map<string, Map<string, Line>>();
  const lineOf = (asset: string, run: string): Line => {
    const ofRun = lines.get(run) ?? new Map<string, Line>();
    lines.set(run, ofRun);
    const line = ofRun.get(asset) ?? createLine(asset, run);
    ofRun.set(asset, line);
    return line;
  };
  const labels = new Int32Array(rows.length).fill(UNLABELLED);
  let withinMargin = 0;
  let contradictory = 0;
  for (let row = 0; row < rows.length; row++) {
    const { asset, run, time } = rows[row];
    const line = lineOf(asset, run);
    const cut = lastAtOrBefore(line.cuts, time);
    const isAtCut = cut >= 0 && line.cuts[cut] === time;
    const known = isAtCut ? line.at[cut] : (line.between[cut] ?? UNLABELLED);
    if (known === CONTRADICTORY) contradictory++;
    else if (known === UNLABELLED && rest === UNLABELLED) continue;
    else if (marginMs > 0 && isNearEnd(line, time, marginMs)) withinMargin++;
    else if (known === UNLABELLED) labels[row] = rest;
    else {
      labels[row] = known;
      if (isAtCut) line.countAt[cut]++;
      else line.countBetween[cut]++;
    }
  }
  const counts = new Int32Array(intervals.length);
  for (const ofRun of lines.values()) {
    for (const line of ofRun.values()) countRows(line, counts);
  }
  return { labels, counts, withinMargin, contradictory };
}

/**
 * The labels alone: int32 [rows], position in `classes`; −1 where nobody says, where intervals of
 * several classes meet, and within the margin.
 *
 * @throws {InputError} `data-invalid` for a class that `classes` does not have.
 */
export const labelRows = (options: LabelRowsOptions): Int32Array => labelAndCount(options).labels;
