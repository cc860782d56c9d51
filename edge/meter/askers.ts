// Who asked how much, in the meter.
import { OTHER_ASKERS } from '../metrics/accumulator.ts';
import type { AskerFlush } from '../metrics/flush.ts';

/** Askers of a model told apart; whoever comes after is one of `others`. */
export const MAX_KNOWN_ASKERS = 2000;

export type AskerRow = AskerFlush & { readonly seen: number; readonly changes: number };

const COLUMNS = 'key, device, bundle, requests, nodes, escalations, degraded, seen, changes';

function known(sql: SqlStorage, key: string, device: string): boolean {
  const [row] = sql
    .exec<{ known: number; n: number }>(
      `SELECT EXISTS (SELECT 1 FROM askers WHERE key = ? AND device = ?) AS known,
       (SELECT COUNT(*) FROM askers) AS n`,
      key,
      device,
    )
    .toArray();
  return row.known === 1 || row.n < MAX_KNOWN_ASKERS;
}

export function addAskers(sql: SqlStorage, askers: readonly AskerFlush[], now: number): void {
  for (const { key, device, bundle, requests, nodes, escalations, degraded } of askers) {
    const place = known(sql, key, device) ? [key, device] : [OTHER_ASKERS, ''];
    sql.exec(
      `INSERT INTO askers (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)
       ON CONFLICT DO UPDATE SET bundle = excluded.bundle, seen = excluded.seen,
       requests = requests + excluded.requests, nodes = nodes + excluded.nodes,
       escalations = escalations + excluded.escalations,
       -- A gateway's own word: it must not overflow what others count.
       degraded = MIN(degraded + excluded.degraded, ${Number.MAX_SAFE_INTEGER}),
       changes = changes + 1`,
      ...place,
      bundle,
      requests,
      nodes,
      escalations,
      degraded,
      now,
    );
  }
}

export function changedAskers(sql: SqlStorage): AskerRow[] {
  return sql
    .exec<AskerRow & Record<string, SqlStorageValue>>(
      `SELECT ${COLUMNS} FROM askers WHERE changes > 0`,
    )
    .toArray();
}

export function settleAskers(sql: SqlStorage, told: readonly AskerRow[]): void {
  for (const { key, device, changes } of told) {
    sql.exec(
      'UPDATE askers SET changes = changes - ? WHERE key = ? AND device = ?',
      changes,
      key,
      device,
    );
  }
}
