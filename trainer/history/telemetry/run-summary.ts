// Runs in figures: how long they are and how much of them has a class.
import type { LabelInterval, Telemetry } from '@dandan/shared/telemetry-table';
import type { RunSummary } from './summary.ts';

function secondsByClass(intervals: readonly LabelInterval[]): RunSummary['labelled'] {
  const seconds = new Map<string, number>();
  for (const { class: name, from, to } of intervals) {
    seconds.set(name, (seconds.get(name) ?? 0) + (to - from) / 1000);
  }
  const names = [...seconds.keys()].sort();
  return names.map((name) => ({ class: name, seconds: seconds.get(name) ?? 0 }));
}

export function summariseRuns({ runs, series, intervals }: Telemetry): RunSummary[] {
  const byRun = Map.groupBy(intervals, ({ run }) => run);
  const totals = runs.map(() => ({
    readings: 0,
    firstTime: Number.POSITIVE_INFINITY,
    lastTime: Number.NEGATIVE_INFINITY,
  }));
  for (const { run, times } of series) {
    const total = totals[run];
    total.readings += times.length;
    total.firstTime = Math.min(total.firstTime, times[0]);
    total.lastTime = Math.max(total.lastTime, times[times.length - 1]);
  }
  return runs.map(({ name, set }, at) => ({
    name,
    set,
    ...totals[at],
    labelled: secondsByClass(byRun.get(name) ?? []),
  }));
}
