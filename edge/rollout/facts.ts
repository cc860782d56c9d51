// What devices have reported of a release, and what the monitor of its audits says, in one statement.
import type { Release } from '../registry/release.ts';
import type { RolloutCriteria } from '../registry/rollout-criteria.ts';
import type { RolloutFacts } from './judge.ts';

interface Row {
  readonly canary: number;
  readonly canary_silent: number;
  readonly failed: number;
  readonly failure: string | null;
  readonly rows: number;
  readonly errors: number;
  readonly others: number;
  readonly others_silent: number;
  readonly alarmed: string | null;
}

/** Facts on the current release of a channel. `now` is in milliseconds since the epoch. */
export async function readRolloutFacts(
  database: D1Database,
  { model, channel, release, bundle }: Release,
  { criteria, now }: { readonly criteria: RolloutCriteria; readonly now: number },
): Promise<RolloutFacts> {
  const heardSince = new Date(now - criteria.silenceMinutes * 60_000).toISOString();
  const row = await database
    .prepare(
      `WITH reported AS (
         SELECT m.*, m.release = ?3 AND m.bundle = ?4 AS tried, m.last_seen < ?5 AS silent
         FROM device_models m JOIN devices d ON d.id = m.device
         WHERE m.model = ?1 AND m.channel = ?2 AND d.removed IS NULL
       )
       SELECT COALESCE(SUM(tried), 0) AS canary,
              COALESCE(SUM(tried AND silent), 0) AS canary_silent,
              COALESCE(SUM(tried AND state = 'failed'), 0) AS failed,
              MAX(CASE WHEN tried AND state = 'failed' THEN reason END) AS failure,
              COALESCE(SUM(CASE WHEN tried THEN rows END), 0) AS rows,
              COALESCE(SUM(CASE WHEN tried THEN errors END), 0) AS errors,
              COALESCE(SUM(NOT tried), 0) AS others,
              COALESCE(SUM(NOT tried AND silent), 0) AS others_silent,
              (SELECT MIN(alarmed) FROM monitors WHERE model = ?1 AND bundle = ?4) AS alarmed
       FROM reported`,
    )
    .bind(model, channel, release, bundle, heardSince)
    .first<Row>();
  if (row === null) throw new Error('D1 returned no row for a sum');
  const { canary, failed, failure, rows, errors } = row;
  return {
    canary: {
      devices: canary,
      silent: row.canary_silent,
      failed,
      failure: failure ?? undefined,
      rows,
      errors,
    },
    others: { devices: row.others, silent: row.others_silent },
    alarmed: row.alarmed ?? undefined,
  };
}
