// Series of all models, bundles and policies added up, by time and in all.
import type { MetricsReport } from '../../../metrics/schemas.ts';

type Series = MetricsReport['series'][number];

export interface Sums {
  readonly requests: number;
  readonly nodes: number;
  /** By stage, from stage 1. Cascades of fewer stages end earlier. */
  readonly exits: readonly number[];
  readonly macs: number;
  readonly fullMacs: number;
  readonly confidence: readonly number[];
  /** Nodes by where they were answered. */
  readonly gateway: number;
  readonly edge: number;
}

export interface Span extends Sums {
  /** ISO 8601. */
  readonly start: string;
}

const NOTHING: Sums = {
  requests: 0,
  nodes: 0,
  exits: [],
  macs: 0,
  fullMacs: 0,
  confidence: [],
  gateway: 0,
  edge: 0,
};

const addLists = (a: readonly number[], b: readonly number[]) =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));

function add(sums: Sums, point: Series['points'][number], tier: Series['tier']): Sums {
  const { nodes } = point;
  return {
    requests: sums.requests + point.requests,
    nodes: sums.nodes + nodes,
    exits: addLists(sums.exits, point.exits),
    macs: sums.macs + point.macs,
    fullMacs: sums.fullMacs + point.fullMacs,
    confidence: addLists(sums.confidence, point.confidence),
    gateway: sums.gateway + (tier === 'gateway' ? nodes : 0),
    edge: sums.edge + (tier === 'edge' ? nodes : 0),
  };
}

const STEP_MS = { hour: 3_600_000, day: 86_400_000 };

/** Every hour or day from `from` to `to`, those without an answer too, and the sums of them all. */
export function addUp({
  series,
  from,
  to,
  step,
}: Pick<MetricsReport, 'series' | 'from' | 'to' | 'step'>): {
  readonly spans: readonly Span[];
  readonly total: Sums;
} {
  const byStart = new Map<string, Sums>();
  const length = STEP_MS[step];
  const first = Math.floor(Date.parse(from) / length) * length;
  for (let start = first; start < Date.parse(to); start += length) {
    byStart.set(new Date(start).toISOString(), NOTHING);
  }
  let total = NOTHING;
  for (const { points, tier } of series) {
    for (const point of points) {
      byStart.set(point.start, add(byStart.get(point.start) ?? NOTHING, point, tier));
      total = add(total, point, tier);
    }
  }
  const spans = [...byStart]
    .map(([start, sums]) => ({ start, ...sums }))
    .sort((a, b) => a.start.localeCompare(b.start));
  return { spans, total };
}
