// A machine is in one class at a time: finds lines that say otherwise.
import { wallClock } from '@dandan/shared/policy';
import type { IssueCollector } from '../../data/issues.ts';
import type { LabelInterval } from '../label-interval.ts';
import type { SheetInterval } from './sheet-interval.ts';

export interface CheckOverlapsOptions {
  readonly intervals: readonly SheetInterval[];
  /** What the telemetry files themselves say of classes. */
  readonly fromFiles: readonly LabelInterval[];
  readonly assets: readonly string[];
  /** For times in messages. */
  readonly timeZone: string;
  readonly issues: IssueCollector;
}

type Placed = LabelInterval & Partial<Pick<SheetInterval, 'place' | 'isOpen'>>;

const meet = (a: string | undefined, b: string | undefined) =>
  a === undefined || b === undefined || a === b;

/** Both ends are included, but nobody means the instant at which one class follows another. */
const overlap = (a: LabelInterval, b: LabelInterval) => a.from < b.to && b.from < a.to;

/** The first earlier interval of another class for every interval that has one. */
function conflictsOf(intervals: readonly Placed[]): [earlier: Placed, later: Placed][] {
  const sorted = [...intervals].sort((a, b) => a.from - b.from);
  const conflicts: [Placed, Placed][] = [];
  let active: Placed[] = [];
  for (const later of sorted) {
    active = active.filter(({ to }) => to > later.from);
    const earlier = active.find(
      (each) =>
        each.class !== later.class &&
        meet(each.run, later.run) &&
        overlap(each, later) &&
        (each.place ?? later.place) !== undefined,
    );
    if (earlier !== undefined) conflicts.push([earlier, later]);
    active.push(later);
  }
  return conflicts;
}

function report(asset: string, pair: readonly [Placed, Placed], options: CheckOverlapsOptions) {
  const [earlier, later] = pair;
  // The line to look at is one of a sheet; of two, the one that begins later.
  const [here, there] = later.place === undefined ? [later, earlier].reverse() : [later, earlier];
  const clock = (time: number) => wallClock(options.timeZone, time);
  const whence = there.place ?? "the files' column of classes";
  const end = there.isOpen ? ', which has no end' : '';
  options.issues.report({
    code: 'data-invalid',
    message: `${here.place}: ${asset} cannot be in '${here.class}' and, as ${whence} says, in '${there.class}'`,
    field: `${here.place}:from`,
    value: `both from ${clock(Math.max(here.from, there.from))} on`,
    allowed: `one class at a time; correct ${here.place} or ${whence}${end}`,
  });
}

/** Reports every interval that overlaps one of another class; names both. */
export function checkOverlaps(options: CheckOverlapsOptions): void {
  const { intervals, fromFiles, assets } = options;
  const all: readonly Placed[] = [...intervals, ...fromFiles];
  const told = new Set<Placed>();
  const ofAsset = Map.groupBy(all, ({ asset }) => asset);
  for (const asset of assets) {
    const own = [...(ofAsset.get(asset) ?? []), ...(ofAsset.get(undefined) ?? [])];
    for (const pair of conflictsOf(own)) {
      const here = pair[1].place === undefined ? pair[0] : pair[1];
      if (told.has(here)) continue;
      told.add(here);
      report(asset, pair, options);
    }
  }
}
