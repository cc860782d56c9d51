// From a meter to D1: whole values, so that telling them again changes nothing.
import { TALLY_LISTS } from '../metrics/tally.ts';
import { type AskerRow, changedAskers, settleAskers } from './askers.ts';
import { changedMonitors, type MonitorRow, settleMonitors } from './monitors.ts';
import { changedSpans, closeHours, type SpanRow, settleSpans } from './spans.ts';

/** Statements of one batch; a model has a few series, and rarely more askers than these. */
const BATCH = 100;

/** A gateway's own word may be any number; a column of whole numbers takes no larger ones. */
const whole = (count: number) => Math.min(count, Number.MAX_SAFE_INTEGER);

function spanStatement(
  database: D1Database,
  model: string,
  { span, start, bundle, policy, source, tally }: SpanRow,
  at: string,
): D1PreparedStatement {
  const lists = TALLY_LISTS.map((name) => JSON.stringify(tally[name]));
  return database
    .prepare(
      `INSERT OR REPLACE INTO metric_spans (span, start, model, bundle, policy, source, requests,
       nodes, macs, full_macs, degraded, audits, disagreements, confidence_sum, stages, stopped,
       confidence, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .bind(
      span,
      start,
      model,
      bundle,
      policy,
      source,
      tally.requests,
      whole(tally.nodes),
      tally.macs,
      tally.fullMacs,
      whole(tally.degraded),
      tally.audits,
      tally.disagreements,
      tally.confidenceSum,
      ...lists,
      at,
    );
}

function monitorStatement(
  database: D1Database,
  model: string,
  row: MonitorRow,
): D1PreparedStatement {
  const { bundle, policy, alpha, delta, audits, disagreements, alarmed, updated } = row;
  return database
    .prepare(
      `INSERT INTO monitors (model, bundle, policy, alpha, delta, audits, disagreements, evidence,
       alarmed, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET audits = excluded.audits, disagreements = excluded.disagreements,
       evidence = excluded.evidence, alarmed = COALESCE(alarmed, excluded.alarmed),
       updated = excluded.updated`,
    )
    .bind(
      model,
      bundle,
      policy,
      alpha,
      delta,
      audits,
      disagreements,
      row.evidence,
      alarmed,
      updated,
    );
}

function askerStatement(database: D1Database, model: string, row: AskerRow): D1PreparedStatement {
  const { key, device, bundle, requests, nodes, escalations, degraded, seen } = row;
  return database
    .prepare(
      `INSERT OR REPLACE INTO caller_counts (model, key_id, device, bundle, requests, nodes,
       escalations, degraded, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .bind(
      model,
      key,
      device,
      bundle,
      requests,
      nodes,
      escalations,
      degraded,
      new Date(seen).toISOString(),
    );
}

/** Tells D1 what has changed of sums, promises and askers. Promises first: a rollback waits for them. */
export async function rollUp(options: {
  readonly storage: DurableObjectStorage;
  readonly database: D1Database;
  readonly model: string;
  readonly now: number;
}): Promise<void> {
  const { storage, database, model, now } = options;
  const { sql } = storage;
  const monitors = changedMonitors(sql);
  const spans = changedSpans(sql);
  const askers = changedAskers(sql);
  const at = new Date(now).toISOString();
  const statements = [
    ...monitors.map((row) => monitorStatement(database, model, row)),
    ...spans.map((row) => spanStatement(database, model, row, at)),
    ...askers.map((row) => askerStatement(database, model, row)),
  ];
  for (let begin = 0; begin < statements.length; begin += BATCH) {
    await database.batch(statements.slice(begin, begin + BATCH));
  }
  storage.transactionSync(() => {
    settleMonitors(sql, monitors);
    settleSpans(sql, spans);
    settleAskers(sql, askers);
    closeHours(sql, now);
  });
}
