// Label sheets against the telemetry: machines, runs and times that it does not have.
import { wallClock } from '@dandan/shared/policy';
import { nearestNames } from '../../config/nearest-names.ts';
import type { IssueCollector } from '../../data/issues.ts';
import type { Notes } from '../notes.ts';
import type { Span } from '../spans.ts';
import type { SheetInterval } from './sheet-interval.ts';

export interface CheckIntervalsOptions {
  readonly intervals: readonly SheetInterval[];
  readonly spans: readonly Span[];
  /** Those of the project, where it lists them. */
  readonly classes?: readonly string[] | undefined;
  /** Time between two windows; `undefined` where it is not known. */
  readonly strideMs?: number | undefined;
  /** For times in messages. */
  readonly timeZone: string;
  readonly issues: IssueCollector;
  readonly notes: Notes;
}

/** Names that an error repeats. */
const MAX_NAMES = 10;

const namesOf = (name: string, known: readonly string[]) => {
  const nearest = nearestNames(name, known);
  return `${nearest.slice(0, MAX_NAMES).join(', ')}${nearest.length > MAX_NAMES ? ', …' : ''}`;
};

/** `from` and `to` of several stretches together. */
function reach(spans: readonly Span[]): { from: number; to: number } {
  return {
    from: spans.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY),
    to: spans.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY),
  };
}

interface Known {
  readonly assets: readonly string[];
  readonly runs: readonly string[];
}

function checkNames(
  interval: SheetInterval,
  { assets, runs }: Known,
  { classes, issues }: CheckIntervalsOptions,
): boolean {
  const checks: [string, string | undefined, readonly string[] | undefined, string][] = [
    ['asset', interval.asset, assets, 'no machine of the telemetry has this name'],
    ['run', interval.run, runs, 'no run of the telemetry has this name'],
    ['class', interval.class, classes, "the project's `classes` do not list this class"],
  ];
  let isKnown = true;
  for (const [column, value, known, message] of checks) {
    if (value === undefined || known === undefined || known.includes(value)) continue;
    isKnown = false;
    issues.report({
      code: 'data-invalid',
      message: `${interval.place}: ${message}`,
      field: `${interval.place}:${column}`,
      value,
      allowed: `one of ${namesOf(value, known)}`,
    });
  }
  return isKnown;
}

function checkTimes(interval: SheetInterval, options: CheckIntervalsOptions): void {
  const { timeZone, strideMs, issues, notes } = options;
  const { asset, run, from, to, place, isOpen } = interval;
  const spans = options.spans.filter(
    (span) => (asset ?? span.asset) === span.asset && (run ?? span.run) === span.run,
  );
  const clock = (time: number) => wallClock(timeZone, time);
  const whose = `${asset ?? 'the plant'}${run === undefined ? '' : ` in run ${run}`}`;
  const all = reach(spans);
  if (!spans.some((span) => from <= span.to && to >= span.from)) {
    issues.report({
      code: 'data-invalid',
      message: `${place}: there are no readings of ${whose} at that time`,
      field: `${place}:from`,
      value: isOpen ? `from ${clock(from)}` : `${clock(from)} to ${clock(to)}`,
      allowed:
        spans.length === 0
          ? 'a machine and a run that belong together'
          : `times from ${clock(all.from)} to ${clock(all.to)} (${timeZone}), or another time zone`,
    });
    return;
  }
  if (from < all.from || (!isOpen && to > all.to)) {
    notes.add(
      'label-beyond',
      `${place}: reaches beyond the readings of ${whose} (${clock(all.from)} to ${clock(all.to)}).`,
    );
  }
  if (strideMs !== undefined && to - from < strideMs) {
    const seconds = Number(((to - from) / 1000).toFixed(1));
    notes.add(
      'label-short',
      `${place}: ${seconds} s are less than the ${strideMs / 1000} s between two windows, so that no window may end in it.`,
    );
  }
}

/** Reports intervals of unknown machines, runs and classes and those outside the readings. */
export function checkIntervals(options: CheckIntervalsOptions): void {
  const { spans } = options;
  const known = {
    assets: [...new Set(spans.map(({ asset }) => asset))],
    runs: [...new Set(spans.map(({ run }) => run))],
  };
  for (const interval of options.intervals) {
    if (checkNames(interval, known, options)) checkTimes(interval, options);
  }
}
