// What is known of each class: lines of sheets, time, windows, and which set they are in.
import type { HistoryFacts } from './history-facts.ts';

export const LABELLED_SETS = ['train', 'validation', 'test'] as const;

export interface ClassRow {
  readonly name: string;
  /** Lines of sheets and stretches of the files. */
  readonly intervals: number;
  /** Milliseconds that they cover; those without an end count as far as the readings go. */
  readonly lengthMs: number;
  /** Labelled windows of each asset. */
  readonly byAsset: readonly number[];
  readonly windows: number;
  /** Of train, validation and test; `undefined` where there is no split. */
  readonly sets: readonly number[] | undefined;
}

function lastReading({ series }: HistoryFacts['telemetry']): number {
  return series.reduce(
    (last, { times }) => Math.max(last, times[times.length - 1]),
    Number.NEGATIVE_INFINITY,
  );
}

export function classRows(facts: HistoryFacts): ClassRow[] {
  const { classes, intervals, telemetry, windows, split } = facts;
  const end = lastReading(telemetry);
  const all = [...intervals, ...telemetry.intervals];
  return classes.map((name, index) => {
    const own = all.filter((interval) => interval.class === name);
    const byAsset = (windows?.byAsset ?? []).map((counts) => counts[index]);
    return {
      name,
      intervals: own.length,
      lengthMs: own.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, end) - from), 0),
      byAsset,
      windows: byAsset.reduce((a, b) => a + b, 0),
      sets:
        split &&
        LABELLED_SETS.map(
          (set) => split[set].filter((node) => windows!.labels[node] === index).length,
        ),
    };
  });
}
