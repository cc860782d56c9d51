// What makes a repetition count once: the last number of every isolate, the names of all reports.
import type { Flush } from '../metrics/flush.ts';
import { DAY_MS } from './periods.ts';

/** An isolate is gone long before, and a flush waits for a minute at most. */
const ISOLATE_MS = DAY_MS;

/** A gateway's outbox may hold a report for a week. */
const REPORT_MS = 30 * DAY_MS;

/** Reports remembered: those of a hundred gateways that send one a minute, for a day. */
export const MAX_REPORTS = 144_000;

/** Notes the number of a flush; false where it was counted before. */
export function isNewFlush(
  sql: SqlStorage,
  { isolate, sequence }: Pick<Flush, 'isolate' | 'sequence'>,
  now: number,
): boolean {
  const noted = sql.exec(
    `INSERT INTO isolates (id, sequence, seen) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET sequence = excluded.sequence, seen = excluded.seen
     WHERE excluded.sequence > sequence RETURNING id`,
    isolate,
    sequence,
    now,
  );
  return noted.toArray().length > 0;
}

/** Notes the name of a report; false where it was counted before. */
export function isNewReport(sql: SqlStorage, id: string, now: number): boolean {
  const [noted] = sql
    .exec<{ number: number }>(
      'INSERT INTO reports (id, seen) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING number',
      id,
      now,
    )
    .toArray();
  if (noted === undefined) return false;
  sql.exec('DELETE FROM reports WHERE number <= ?', noted.number - MAX_REPORTS);
  return true;
}

/** Forgets what can no longer be repeated. */
export function forgetOld(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM isolates WHERE seen < ?', now - ISOLATE_MS);
  sql.exec('DELETE FROM reports WHERE seen < ?', now - REPORT_MS);
  sql.exec('DELETE FROM gateways WHERE seen < ?', now - REPORT_MS);
}
