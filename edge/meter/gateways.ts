// What gateways say they answered themselves: running counts, of which the meter adds what is new.
import type { GatewayReport } from '../metrics/flush.ts';
import { createTally, type Tally } from '../metrics/tally.ts';
import { MAX_KNOWN_ASKERS } from './askers.ts';

type StoredRow = {
  readonly since: number;
  readonly by_stage: string;
  readonly degraded: number;
};

/** Counts of the report before, `undefined` where this one is older; 0 where it begins anew. */
function before(row: StoredRow | undefined, report: GatewayReport) {
  const { since, byStage, degraded } = report;
  if (row === undefined || row.since < since) return { byStage: [], degraded: 0 };
  const known = JSON.parse(row.by_stage) as number[];
  const grows = known.every((count, k) => count <= (byStage[k] ?? 0)) && row.degraded <= degraded;
  return row.since === since && grows ? { byStage: known, degraded: row.degraded } : undefined;
}

/**
 * Remembers a report, and what it says beyond the one before it: lost and repeated reports change
 * nothing in the sum.
 *
 * @returns `undefined` for a report that is older than one that came.
 */
export function newlyAnswered(
  sql: SqlStorage,
  report: GatewayReport,
  now: number,
): Tally | undefined {
  const { key, device, bundle, policy, since, byStage, degraded, macsUpTo } = report;
  const [row] = sql
    .exec<StoredRow>(
      `SELECT since, by_stage, degraded FROM gateways
       WHERE key = ? AND device = ? AND bundle = ? AND policy = ?`,
      key,
      device,
      bundle,
      policy,
    )
    .toArray();
  const { n } = sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM gateways').one();
  const last = before(row, report);
  if (last === undefined || (row === undefined && n >= MAX_KNOWN_ASKERS)) return undefined;
  sql.exec(
    `INSERT OR REPLACE INTO gateways (key, device, bundle, policy, since, by_stage, degraded, seen)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    key,
    device,
    bundle,
    policy,
    since,
    JSON.stringify(byStage),
    degraded,
    now,
  );
  const stages = byStage.map((count, k) => count - (last.byStage[k] ?? 0));
  const nodes = stages.reduce((sum, count) => sum + count, 0);
  const macs = stages.reduce((sum, count, k) => sum + count * macsUpTo[k], 0);
  const fullMacs = nodes * (macsUpTo.at(-1) ?? 0);
  return { ...createTally(), nodes, macs, fullMacs, degraded: degraded - last.degraded, stages };
}
