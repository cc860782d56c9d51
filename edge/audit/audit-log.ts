// The audit log: who changed what. Writes and their entries are one transaction.
import type { Caller } from '../auth/scope.ts';

export const AUDITED_ACTIONS = [
  'bundle-upload',
  'bundle-collect',
  'release-publish',
  'rollout-widen',
  'rollout-promote',
  'rollout-rollback',
  'signing-key-add',
  'signing-key-revoke',
  'key-create',
  'key-rotate',
  'key-revoke',
  'enrolment-create',
  'enrolment-cancel',
  'enrolment-redeem',
  'device-remove',
  'hard-case-label',
  'explanation-keep',
  'policy-publish',
  'job-input-upload',
  'job-input-delete',
  'job-create',
  'job-cancel',
  'job-resume',
  'job-schedule-put',
  'job-schedule-delete',
] as const;

export type AuditedAction = (typeof AUDITED_ACTIONS)[number];

export interface AuditedWrite {
  readonly caller: Caller;
  readonly action: AuditedAction;
  /** What was changed, e.g. `plant/stable`. */
  readonly target: string;
  /** What it became, e.g. the bundle's hash. Never a secret. */
  readonly detail: string;
  /** ISO 8601, as the write itself has it. */
  readonly at: string;
}

export interface AuditEntry extends Omit<AuditedWrite, 'caller'> {
  /** Ascends with time. */
  readonly id: number;
  /** The key that wrote; its name is that of the time. */
  readonly key: Pick<Caller, 'id' | 'name'>;
}

/** Entries of one answer. */
export const MAX_AUDIT_ENTRIES = 1000;

/**
 * The statement to stand behind a write in the same batch: an entry where that write changed a
 * row, and none where it did not, as for a bundle that was there already.
 */
export function auditEntry(database: D1Database, write: AuditedWrite): D1PreparedStatement {
  return entryWhere(database, write, 'changes() > 0');
}

/** Adds the entry for a write that took effect outside D1, such as an object of R2. */
export async function addAuditEntry(database: D1Database, write: AuditedWrite): Promise<void> {
  await entryWhere(database, write, 'TRUE').run();
}

function entryWhere(database: D1Database, write: AuditedWrite, condition: string) {
  const { caller, action, target, detail, at } = write;
  return database
    .prepare(
      `INSERT INTO audit_log (at, key_id, key_name, action, target, detail)
       SELECT ?, ?, ?, ?, ?, ? WHERE ${condition}`,
    )
    .bind(at, caller.id, caller.name, action, target, detail);
}

/** Newest first; `before` is the id of the last entry of the answer before. */
export async function listAudit(
  database: D1Database,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<AuditEntry[]> {
  const { results } = await database
    .prepare(
      `SELECT id, at, key_id, key_name, action, target, detail FROM audit_log
       WHERE id < ? ORDER BY id DESC LIMIT ?`,
    )
    .bind(before ?? Number.MAX_SAFE_INTEGER, limit)
    .all<AuditEntry & { readonly key_id: string; readonly key_name: string }>();
  return results.map(({ id, at, key_id, key_name, action, target, detail }) => ({
    id,
    at,
    key: { id: key_id, name: key_name },
    action,
    target,
    detail,
  }));
}
