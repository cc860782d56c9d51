// Classes of rows, as a column states them, turned into the stretches of time they hold for.
import type { LabelInterval } from './telemetry.ts';

export interface LabelList {
  /** The class of a row; '' where nobody knows. */
  push(time: number, label: string): void;
  /** Stretches of one class in the order of time. */
  intervals(place: Pick<LabelInterval, 'asset' | 'run'>): LabelInterval[];
}

/** What a row says holds to the next one, unless that is so many typical steps away. */
export const GAP_STEPS = 5;

/** Ends are included: a stretch ends just before the row that says something else. */
const LAST_BEFORE_MS = 1;

/** Median of the steps between ascending times, 0 for fewer than two. */
export function typicalStep(times: ArrayLike<number>): number {
  const steps = new Float64Array(Math.max(0, times.length - 1));
  let even = true;
  for (let at = 0; at < steps.length; at++) {
    steps[at] = times[at + 1] - times[at];
    even = even && steps[at] === steps[0];
  }
  if (steps.length === 0) return 0;
  // A logger that keeps its time is most of them, and needs no sorting.
  return even ? steps[0] : steps.sort()[steps.length >> 1];
}

export function createLabelList(): LabelList {
  const rows: { time: number; label: string }[] = [];

  /** Ascending, the last of several of one time. */
  function ordered() {
    const sorted = rows.map((row, at) => ({ ...row, at }));
    sorted.sort((a, b) => a.time - b.time || a.at - b.at);
    return sorted.filter(({ time }, at) => time !== sorted[at + 1]?.time);
  }

  return {
    push(time, label) {
      const last = rows[rows.length - 1];
      // Long tables repeat it for every channel.
      if (last?.time === time) last.label = label;
      else rows.push({ time, label });
    },
    intervals({ asset, run }) {
      const list = ordered();
      const step = typicalStep(list.map(({ time }) => time));
      const found: LabelInterval[] = [];
      let from = 0;
      for (let at = 0; at < list.length; at++) {
        const { time, label } = list[at];
        const next = list[at + 1];
        const joins = next !== undefined && next.time - time <= GAP_STEPS * step;
        if (joins && next.label === label) continue;
        // Behind its last row a class holds for one step: a window that ends there is of it.
        const to = joins ? Math.max(time, next.time - LAST_BEFORE_MS) : time + step;
        if (label !== '') found.push({ asset, run, from: list[from].time, to, class: label });
        from = at + 1;
      }
      return found;
    },
  };
}
