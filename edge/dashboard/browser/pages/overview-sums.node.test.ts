import { expect, test } from 'vitest';
import type { MetricsReport } from '../../../metrics/schemas.ts';
import { addUp } from './overview-sums.ts';

type Point = MetricsReport['series'][number]['points'][number];

function point(start: string, exits: number[]): Point {
  const nodes = exits.reduce((sum, n) => sum + n, 0);
  return {
    start,
    requests: 1,
    nodes,
    exits,
    stopped: { confident: nodes, 'last-stage': 0, 'stage-limit': 0, budget: 0 },
    macs: 10 * nodes,
    fullMacs: 40 * nodes,
    saved: 0.75,
    confidence: [0, nodes],
    meanConfidence: 0.9,
    degraded: 0,
    audits: 0,
    disagreements: 0,
  };
}

const series = (tier: 'edge' | 'gateway', points: Point[]) => ({
  model: 'press',
  bundle: 'b',
  policy: 'day' as const,
  source: tier === 'edge' ? ('predict' as const) : ('gateway' as const),
  tier,
  points,
});

const hour = (n: number) => new Date(Date.UTC(2026, 10, 26, n)).toISOString();

test('addUp() adds series of different depth by hour, by tier and in all', () => {
  const { spans, total } = addUp({
    step: 'hour',
    from: '2026-11-26T00:30:00.000Z',
    to: '2026-11-26T03:30:00.000Z',
    series: [
      series('edge', [point(hour(1), [3, 2]), point(hour(3), [1])]),
      series('gateway', [point(hour(1), [5, 0, 1])]),
    ],
  });
  expect(spans.map(({ start, exits, edge, gateway }) => [start, exits, edge, gateway])).toEqual([
    [hour(0), [], 0, 0],
    [hour(1), [8, 2, 1], 5, 6],
    [hour(2), [], 0, 0],
    [hour(3), [1], 1, 0],
  ]);
  expect(total).toEqual({
    requests: 3,
    nodes: 12,
    exits: [9, 2, 1],
    macs: 120,
    fullMacs: 480,
    confidence: [0, 12],
    gateway: 6,
    edge: 6,
  });
});

test('addUp() of days without an answer has them all the same', () => {
  const { spans, total } = addUp({
    step: 'day',
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-11-26T01:00:00.000Z',
    series: [],
  });
  expect(spans).toHaveLength(26);
  expect(total.nodes).toBe(0);
});
