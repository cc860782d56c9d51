// Which machines and times are drawn: all where they fit a page, else those that show most classes.
import { type Span, spansOf } from '../../spans.ts';
import type { HistoryFacts } from '../history-facts.ts';

export interface Panel {
  readonly asset: string;
  /** One, or several that follow each other. */
  readonly runs: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Where a run ends and the next begins. */
  readonly borders: readonly number[];
}

/** More drawings make nobody wiser, and the page long. */
const MAX_PANELS = 8;

/** Runs on one axis; of more each would be a stroke. */
const MAX_RUNS = 12;

/** Empty time between runs, at most, as a share of the axis: runs of distant years need their own. */
const MAX_EMPTY = 0.5;

function isOneAxis(spans: readonly Span[]): boolean {
  const follow = spans.every((span, i) => i === 0 || span.from >= spans[i - 1].to);
  const covered = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const whole = spans[spans.length - 1].to - spans[0].from;
  return follow && spans.length <= MAX_RUNS && covered >= whole * (1 - MAX_EMPTY);
}

function panelsOf(asset: string, unsorted: readonly Span[]): Panel[] {
  const spans = [...unsorted].sort((a, b) => a.from - b.from);
  const groups = isOneAxis(spans) ? [spans] : spans.map((span) => [span]);
  return groups.map((group) => ({
    asset,
    runs: group.map(({ run }) => run),
    from: group[0].from,
    to: group[group.length - 1].to,
    borders: group.slice(1).map(({ from }) => from),
  }));
}

/** Intervals that a panel shows, of its machine or of all. */
export function intervalsIn({ asset, runs, from, to }: Panel, facts: HistoryFacts) {
  return [...facts.intervals, ...facts.telemetry.intervals].filter(
    (interval) =>
      (interval.asset ?? asset) === asset &&
      (interval.run === undefined || runs.includes(interval.run)) &&
      interval.from <= to &&
      interval.to >= from,
  );
}

/** In the order of machines and time; each next one is chosen for the classes that it adds. */
export function choosePanels(facts: HistoryFacts): { panels: Panel[]; left: number } {
  const byAsset = Map.groupBy(spansOf(facts.telemetry), ({ asset }) => asset);
  const all = facts.telemetry.assets.flatMap((asset) => {
    const spans = byAsset.get(asset);
    return spans === undefined ? [] : panelsOf(asset, spans);
  });
  if (all.length <= MAX_PANELS) return { panels: all, left: 0 };
  const classesOf = all.map(
    (panel) => new Set(intervalsIn(panel, facts).map((interval) => interval.class)),
  );
  const shown = new Set<string>();
  const chosen = new Set<number>();
  while (chosen.size < MAX_PANELS) {
    const gain = (i: number) => [...classesOf[i]].filter((name) => !shown.has(name)).length;
    const rest = [...all.keys()].filter((i) => !chosen.has(i));
    const best = rest.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    chosen.add(best);
    for (const name of classesOf[best]) shown.add(name);
  }
  return {
    panels: all.filter((_, i) => chosen.has(i)),
    left: all.length - chosen.size,
  };
}
