// Sequential tests of the promises of a model's bundles, in the meter.
import {
  createRiskMonitor,
  evidence,
  isAlarm,
  observeAudit,
  type RiskMonitor,
} from '@dandan/shared/cascade';
import type { PolicyName } from '@dandan/shared/policy';
import type { AuditFlush, MonitorState } from '../metrics/flush.ts';

export interface MonitorRow extends MonitorState {
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly updated: string;
  readonly changes: number;
}

type StoredRow = Pick<MonitorRow, 'bundle' | 'policy' | 'alarmed' | 'updated' | 'changes'> & {
  readonly monitor: string;
} & Record<string, SqlStorageValue>;

const COLUMNS = 'bundle, policy, monitor, alarmed, updated, changes';

function stateOf({ monitor, alarmed }: Pick<StoredRow, 'monitor' | 'alarmed'>): MonitorState {
  const kept = JSON.parse(monitor) as RiskMonitor;
  const { alpha, delta, audits, disagreements } = kept;
  return { alpha, delta, audits, disagreements, evidence: evidence(kept), alarmed };
}

/** A promise that can be tested: one of 0 or 1 says nothing to bet on. */
const isPromise = ({ alpha, delta }: Pick<AuditFlush, 'alpha' | 'delta'>) =>
  alpha > 0 && alpha < 1 && delta > 0 && delta < 1;

/**
 * Takes audits in, one after another, looking for an alarm after each.
 *
 * @returns the monitor now, and whether this was its first alarm; `undefined` without a promise.
 */
export function addAudits(
  sql: SqlStorage,
  { bundle, policy, alpha, delta, outcomes }: AuditFlush,
  now: number,
): { readonly state: MonitorState; readonly raised: boolean } | undefined {
  if (!isPromise({ alpha, delta })) return undefined;
  const [row] = sql
    .exec<StoredRow>(
      `SELECT ${COLUMNS} FROM monitors WHERE bundle = ? AND policy = ?`,
      bundle,
      policy,
    )
    .toArray();
  const updated = new Date(now).toISOString();
  let monitor = row
    ? (JSON.parse(row.monitor) as RiskMonitor)
    : createRiskMonitor({ alpha, delta });
  let alarmed = row?.alarmed ?? null;
  for (const outcome of outcomes) {
    monitor = observeAudit(monitor, outcome === '1');
    if (alarmed === null && isAlarm(monitor)) alarmed = updated;
  }
  const text = JSON.stringify(monitor);
  sql.exec(
    `INSERT OR REPLACE INTO monitors (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`,
    bundle,
    policy,
    text,
    alarmed,
    updated,
    (row?.changes ?? 0) + 1,
  );
  const raised = alarmed !== null && (row?.alarmed ?? null) === null;
  return { state: stateOf({ monitor: text, alarmed }), raised };
}

/** The monitor of a policy as it stands. */
export function findMonitor(
  sql: SqlStorage,
  bundle: string,
  policy: PolicyName,
): MonitorState | undefined {
  const [row] = sql
    .exec<StoredRow>(
      `SELECT ${COLUMNS} FROM monitors WHERE bundle = ? AND policy = ?`,
      bundle,
      policy,
    )
    .toArray();
  return row && stateOf(row);
}

export function changedMonitors(sql: SqlStorage): MonitorRow[] {
  return sql
    .exec<StoredRow>(`SELECT ${COLUMNS} FROM monitors WHERE changes > 0`)
    .toArray()
    .map((row) => {
      const { bundle, policy, updated, changes } = row;
      return { ...stateOf(row), bundle, policy, updated, changes };
    });
}

export function settleMonitors(sql: SqlStorage, told: readonly MonitorRow[]): void {
  for (const { bundle, policy, changes } of told) {
    sql.exec(
      'UPDATE monitors SET changes = changes - ? WHERE bundle = ? AND policy = ?',
      changes,
      bundle,
      policy,
    );
  }
}
