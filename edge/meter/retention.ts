// How long figures are kept, by class, and how they go: once a day, by the meter of their model.
import { forgetOld } from './once.ts';
import { DAY_MS, periodStart } from './periods.ts';
import { readNote, writeNote } from './tables.ts';

/** Days. Hours are for last month's question, days for last year's; totals go once unused for two. */
export const RETENTION_DAYS = { hour: 35, day: 400, total: 800, drift: 400, callers: 400 } as const;

const PRUNED = 'pruned';

function deletions(database: D1Database, model: string, now: number): D1PreparedStatement[] {
  const before = (days: number) => now - days * DAY_MS;
  const text = (days: number) => new Date(before(days)).toISOString();
  const { hour, day, total, drift, callers } = RETENTION_DAYS;
  const span = 'DELETE FROM metric_spans WHERE model = ? AND span = ';
  return [
    database.prepare(`${span} 'hour' AND start < ?`).bind(model, before(hour)),
    database.prepare(`${span} 'day' AND start < ?`).bind(model, before(day)),
    database.prepare(`${span} 'total' AND updated < ?`).bind(model, text(total)),
    database
      .prepare('DELETE FROM drift_days WHERE model = ? AND day < ?')
      .bind(model, before(drift)),
    database
      .prepare('DELETE FROM caller_counts WHERE model = ? AND last_seen < ?')
      .bind(model, text(callers)),
  ];
}

/** Drops what is older than its class is kept, at most once a day. */
export async function prune(options: {
  readonly sql: SqlStorage;
  readonly database: D1Database;
  readonly model: string;
  readonly now: number;
}): Promise<void> {
  const { sql, database, model, now } = options;
  const today = periodStart(now, DAY_MS);
  if (readNote(sql, PRUNED) === String(today)) return;
  await database.batch(deletions(database, model, now));
  forgetOld(sql, now);
  sql.exec('DELETE FROM drift WHERE day < ? AND changes = 0', today - DAY_MS);
  sql.exec(
    'DELETE FROM askers WHERE seen < ? AND changes = 0',
    now - RETENTION_DAYS.callers * DAY_MS,
  );
  writeNote(sql, PRUNED, String(today));
}
