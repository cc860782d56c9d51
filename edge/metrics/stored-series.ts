// Rows of metric_spans as series of tallies.
import type { PolicyName } from '@dandan/shared/policy';
import type { Source } from './observation.ts';
import { TALLY_LISTS, type Tally } from './tally.ts';

export interface StoredPoint {
  readonly model: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly source: Source;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly tally: Tally;
}

type Row = Record<'model' | 'bundle' | 'policy' | 'source' | (typeof TALLY_LISTS)[number], string> &
  Record<
    | 'start'
    | 'requests'
    | 'nodes'
    | 'macs'
    | 'full_macs'
    | 'degraded'
    | 'audits'
    | 'disagreements'
    | 'confidence_sum',
    number
  >;

function pointOf(row: Row): StoredPoint {
  const [stages, stopped, confidence] = TALLY_LISTS.map(
    (name) => JSON.parse(row[name]) as number[],
  );
  const { model, bundle, start, requests, nodes, macs, degraded, audits, disagreements } = row;
  return {
    model,
    bundle,
    // The meter writes no others.
    policy: row.policy as PolicyName,
    source: row.source as Source,
    start,
    tally: {
      requests,
      nodes,
      macs,
      fullMacs: row.full_macs,
      degraded,
      audits,
      disagreements,
      confidenceSum: row.confidence_sum,
      stages,
      stopped,
      confidence,
    },
  };
}

export interface PointsQuery {
  readonly step: 'hour' | 'day';
  /** Milliseconds since 1970; `to` is not among them. */
  readonly from: number;
  readonly to: number;
  readonly model?: string | undefined;
  readonly bundle?: string | undefined;
}

/** In order of time. */
export async function readPoints(
  database: D1Database,
  { step, from, to, model, bundle }: PointsQuery,
  limit: number,
): Promise<StoredPoint[]> {
  const { results } = await database
    .prepare(
      `SELECT * FROM metric_spans WHERE span = ? AND start >= ? AND start < ?
       AND (?4 IS NULL OR model = ?4) AND (?5 IS NULL OR bundle = ?5)
       ORDER BY start, model, bundle, policy, source LIMIT ?`,
    )
    .bind(step, from, to, model ?? null, bundle ?? null, limit)
    .all<Row>();
  return results.map(pointOf);
}

/** Sums for all time of series that changed since `since` (ISO 8601), the latest first. */
export async function readTotals(
  database: D1Database,
  since: string,
  limit: number,
): Promise<StoredPoint[]> {
  const { results } = await database
    .prepare(
      `SELECT * FROM metric_spans WHERE span = 'total' AND start = 0 AND updated >= ?
       ORDER BY updated DESC, model, bundle, policy, source LIMIT ?`,
    )
    .bind(since, limit)
    .all<Row>();
  return results.map(pointOf);
}
