// Figures for tests of everything that counts.
import { STOP_REASONS } from '@dandan/shared/cascade';
import fc from 'fast-check';
import type { ModelFlush, SeriesFlush } from '../metrics/flush.ts';
import { CONFIDENCE_BINS, createTally, type Tally } from '../metrics/tally.ts';

const count = fc.nat(1000);

/** Any tally; sums of confidence are whole, so that the order of additions does not show. */
export const tallies: fc.Arbitrary<Tally> = fc.record({
  requests: count,
  nodes: count,
  macs: count,
  fullMacs: count,
  degraded: count,
  audits: count,
  disagreements: count,
  confidenceSum: count,
  stages: fc.array(count, { maxLength: 5 }),
  stopped: fc.array(count, { maxLength: STOP_REASONS.length }),
  confidence: fc.array(count, { maxLength: CONFIDENCE_BINS }),
});

/** What a request of `nodes` rows that stopped at stage 1 adds. */
export function someTally(nodes: number): Tally {
  return {
    ...createTally(),
    requests: 1,
    nodes,
    macs: 10 * nodes,
    fullMacs: 40 * nodes,
    confidenceSum: 0.875 * nodes,
    stages: [nodes],
    stopped: [nodes],
    confidence: [...new Array<number>(17).fill(0), nodes],
  };
}

export const BUNDLE = 'b'.repeat(64);

export const someSeries = (nodes: number): SeriesFlush => ({
  bundle: BUNDLE,
  policy: 'day',
  source: 'predict',
  tally: someTally(nodes),
});

/** A flush of `nodes` rows, of which the caller may change parts. */
export function someFlush(
  model: string,
  nodes: number,
  parts: Partial<ModelFlush> = {},
): ModelFlush {
  const asker = { key: 'key-1', device: '', bundle: BUNDLE, requests: 1, nodes };
  return {
    model,
    series: [someSeries(nodes)],
    audits: [],
    askers: [{ ...asker, escalations: 0, degraded: 0 }],
    drift: [],
    hardCases: [],
    ...parts,
  };
}
