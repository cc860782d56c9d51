// What a draft would have changed on a day's traffic: the hours are played again, row by even row,
// under the draft's calendar, load and cost.
import type { Manifest } from '@dandan/shared/bundle';
import {
  costStep,
  decide,
  nextCostStepAt,
  type PolicyDocument,
  scheduleOf,
} from '@dandan/shared/policy';
import { disagreementsBy, type Exits, exitsSeen, exitsUnder, macsBy, stopsOf } from './exits.ts';
import { addSide, createSide, type Side } from './side.ts';
import { HOUR_MS, type TrafficHour } from './traffic.ts';

/** What held for a part of an hour, and why. */
export interface Stretch {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly policy: string;
  readonly maxStage: number | undefined;
  readonly reason: string;
}

export interface PlayedHour {
  readonly start: number;
  readonly was: Side;
  readonly wouldBe: Side;
  /** Decisions for requests that leave the policy open, in order. */
  readonly stretches: readonly Stretch[];
}

export interface PlayOptions {
  readonly document: PolicyDocument;
  /** Of one day, ascending by start. */
  readonly hours: readonly TrafficHour[];
  /** By SHA-256, of every bundle in `hours`. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** Whether the document is in force for a model; others only cost. @default {always} */
  readonly governs?: (model: string) => boolean;
}

interface Outcome {
  readonly manifest: Manifest;
  readonly hour: TrafficHour;
  readonly policy: TrafficHour['policy'];
  readonly exits: Exits;
  readonly macs: number;
}

/** An hour as it was; the cost is what was counted. */
function seen(manifest: Manifest, hour: TrafficHour): Outcome {
  const { policy, macs } = hour;
  return { manifest, hour, policy, macs, exits: exitsSeen(manifest, hour) };
}

/** An hour under other limits, at the cost of its own rows rather than of average ones. */
function under(before: Outcome, limits: Parameters<typeof exitsUnder>[2]): Outcome {
  const { manifest, hour } = before;
  const exits = exitsUnder(manifest, hour, limits);
  const base = macsBy(manifest, before.exits);
  const macs = base > 0 ? (hour.macs * macsBy(manifest, exits)) / base : 0;
  return { manifest, hour, policy: limits.policy, exits, macs };
}

function add(side: Side, { manifest, policy, exits, macs }: Outcome, share: number): void {
  addSide(side, {
    policy,
    share,
    macs,
    stops: stopsOf(exits),
    estimated: exits.estimated,
    disagreements: disagreementsBy(manifest, policy, exits),
  });
}

/** In the measure of the document, as the mean of an hour. */
function loadOf({ load }: PolicyDocument, hours: readonly TrafficHour[]): number {
  const sum = (of: (hour: TrafficHour) => number) =>
    hours.reduce((total, hour) => total + of(hour), 0) / (HOUR_MS / 1000);
  if (load?.measure === 'rows-per-second') return sum(({ nodes }) => nodes);
  return load?.measure === 'requests-per-second' ? sum(({ requests }) => requests) : 0;
}

/** Plays a day. */
export function playDay(options: PlayOptions): PlayedHour[] {
  const { document, hours, manifests, governs = () => true } = options;
  const schedule = scheduleOf(document);
  const { cost } = document;
  let spentMacs = 0;
  let loadStep = 0;

  /** What the draft makes of a series at `at`. */
  function decideFor(before: Outcome, at: number, load: number): Outcome {
    const { source, policy, model } = before.hour;
    const reached = source === 'predict' || source === 'escalation';
    if (!reached || !governs(model)) return before;
    const asked = source === 'predict' ? undefined : policy;
    return under(before, decide({ document, at, load, loadStep, spentMacs, policy: asked }));
  }

  function playHour(start: number, series: readonly TrafficHour[]): PlayedHour {
    const before = series.flatMap((hour) => {
      const manifest = manifests.get(hour.bundle);
      return manifest ? [seen(manifest, hour)] : [];
    });
    const was = createSide();
    const wouldBe = createSide();
    for (const outcome of before) add(was, outcome, 1);
    const load = loadOf(document, series);
    const stretches: Stretch[] = [];
    const end = start + HOUR_MS;
    for (let at = start; at < end; ) {
      const decision = decide({ document, at, load, loadStep, spentMacs });
      loadStep = decision.loadStep;
      const { policy, maxStage, reason } = decision;
      if (stretches.at(-1)?.reason !== reason) {
        stretches.push({ from: at, policy, maxStage, reason });
      }
      const after = before.map((outcome) => decideFor(outcome, at, load));
      const pace = after.reduce((sum, { macs }) => sum + macs, 0) / HOUR_MS;
      const until = Math.min(end, schedule.segment(at).to);
      const limit = cost ? nextCostStepAt(cost, costStep(cost, spentMacs)) : Infinity;
      const reaches = pace > 0 && spentMacs + pace * (until - at) >= limit;
      const to = reaches ? at + (limit - spentMacs) / pace : until;
      for (const outcome of after) add(wouldBe, outcome, (to - at) / HOUR_MS);
      // The limit itself, so that the next turn is certainly on its far side.
      spentMacs = reaches ? limit : spentMacs + pace * (to - at);
      at = to;
    }
    return { start, was, wouldBe, stretches };
  }

  return [...Map.groupBy(hours, ({ start }) => start)].map(([start, series]) =>
    playHour(start, series),
  );
}
