// Where a cascade fails: stretches of time, and answers that were wrong although it was sure.
import { createOffsets } from '@dandan/shared/time-zone';
import { groupBy, MIN_GROUP } from './groups.ts';
import type { RunFacts } from './run-facts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Beyond, hours are too many to look through. */
const HOURS_UP_TO_MS = 4 * DAY_MS;

export interface Stretch {
  /** Positions in the places' assets and runs. */
  readonly asset: number;
  readonly run: number;
  /** Begin, milliseconds since the epoch, and length. */
  readonly from: number;
  readonly lengthMs: number;
  readonly nodes: number;
  readonly wrong: number;
}

/**
 * Hours (days where the history is longer than four) of one asset with more errors than the mean
 * would give, the most errors first; none without times. They begin with those of the plant's clocks.
 */
export function worstStretches({ graph, split, grouped }: RunFacts, count: number): Stretch[] {
  const { places } = graph;
  if (places === undefined || split.test.length === 0) return [];
  const { asset, run, time } = places;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const node of split.test) {
    first = Math.min(first, time[node]);
    last = Math.max(last, time[node]);
  }
  const lengthMs = last - first <= HOURS_UP_TO_MS ? HOUR_MS : DAY_MS;
  const errors = grouped.truth.filter((label, i) => label !== grouped.classes[i]).length;
  const usual = errors / split.test.length;
  const offsetAt = createOffsets(places.timeZone ?? 'UTC');
  const localBegin = (at: number) => Math.floor((at + offsetAt(at)) / lengthMs) * lengthMs;
  const beginOf = (at: number) => {
    const local = localBegin(at);
    // The clock may have been set since: its begin has its own offset.
    return local - offsetAt(local - offsetAt(at));
  };
  const groups = groupBy(grouped, (position) => {
    const node = split.test[position];
    return `${run[node]} ${asset[node]} ${localBegin(time[node])}`;
  });
  return groups
    .map(({ members, right }): Stretch => {
      const node = split.test[members[0]];
      return {
        asset: asset[node],
        run: run[node],
        from: beginOf(time[node]),
        lengthMs,
        nodes: members.length,
        wrong: members.length - right,
      };
    })
    .filter(({ nodes, wrong }) => wrong > 1 && wrong > usual * nodes)
    .sort((a, b) => b.wrong - a.wrong || a.from - b.from || a.asset - b.asset)
    .slice(0, count);
}

export interface Example {
  readonly node: number;
  readonly truth: number;
  readonly answer: number;
  readonly confidence: number;
  readonly stage: number;
  /** Class that the teacher gave. */
  readonly teacher: number;
}

/** Wrong answers, the most confident first. */
export function surestMistakes(facts: RunFacts, count: number): Example[] {
  const { split, truth, day, models } = facts;
  return Array.from(
    split.test,
    (node, i): Example => ({
      node,
      truth: truth[i],
      answer: day.classes[i],
      confidence: day.confidence[i],
      stage: day.stage[i],
      teacher: models.teacher.classes[i],
    }),
  )
    .filter((example) => example.answer !== example.truth)
    .sort((a, b) => b.confidence - a.confidence || a.node - b.node)
    .slice(0, count);
}

/** Lower ends of the groups of neighbour counts. */
export const NEIGHBOUR_STEPS = [0, 1, 2, 4, 8, 16] as const;

/** Test nodes by how many neighbours they have; groups of too few nodes are left out. */
export function byNeighbours({ graph, split, grouped }: RunFacts) {
  const { offsets } = graph.adjacency;
  return groupBy(grouped, (position) => {
    const node = split.test[position];
    const degree = offsets[node + 1] - offsets[node];
    return NEIGHBOUR_STEPS.filter((step) => step <= degree).length - 1;
  })
    .filter(({ members }) => members.length >= MIN_GROUP)
    .sort((a, b) => a.key - b.key);
}
