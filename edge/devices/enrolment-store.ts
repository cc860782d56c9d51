// Enrolment: an operator makes a one-time code for a device, the device changes it into its key.
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';
import { createSecret, hexDigestOf } from '../auth/secret.ts';
import { createCode, normaliseCode } from './code.ts';

export interface EnrolmentRecord {
  readonly id: string;
  readonly device: string;
  readonly created: string;
  readonly expires: string;
  readonly used: string | null;
}

/** A week: the gateway is in the post. */
export const MAX_ENROLMENT_MINUTES = 10_080;

/** Time to walk to the cabinet. */
export const DEFAULT_ENROLMENT_MINUTES = 60;

/** Codes of one listing. */
export const MAX_LISTED_ENROLMENTS = 100;

export interface EnrolmentStore {
  /** `code` is not recoverable later. */
  create(
    options: { readonly device: string; readonly minutes: number },
    caller: Caller,
  ): Promise<{ readonly record: EnrolmentRecord; readonly code: string }>;
  /** Newest first. */
  list(): Promise<EnrolmentRecord[]>;
  /** Makes a code useless; false where none has the id. */
  cancel(id: string, caller: Caller): Promise<boolean>;
  /** A key of scope `device` for a code that was neither used nor ran out; else `undefined`. */
  redeem(
    code: string,
  ): Promise<{ readonly id: string; readonly device: string; readonly secret: string } | undefined>;
}

const COLUMNS = 'id, device, created, expires, used';

export function createEnrolmentStore(database: D1Database): EnrolmentStore {
  return {
    async create({ device, minutes }, caller) {
      const code = createCode();
      const now = Date.now();
      const record: EnrolmentRecord = {
        id: crypto.randomUUID(),
        device,
        created: new Date(now).toISOString(),
        expires: new Date(now + minutes * 60_000).toISOString(),
        used: null,
      };
      const { id, created, expires } = record;
      await database.batch([
        database
          .prepare(
            'INSERT INTO enrolments (id, device, sha256, created, expires) VALUES (?, ?, ?, ?, ?)',
          )
          .bind(id, device, await hexDigestOf(normaliseCode(code)), created, expires),
        auditEntry(database, {
          caller,
          action: 'enrolment-create',
          target: device,
          detail: `until ${expires}`,
          at: created,
        }),
      ]);
      return { record, code };
    },
    async list() {
      const { results } = await database
        .prepare(`SELECT ${COLUMNS} FROM enrolments ORDER BY created DESC, id LIMIT ?`)
        .bind(MAX_LISTED_ENROLMENTS)
        .all<EnrolmentRecord>();
      return results;
    },
    async cancel(id, caller) {
      const at = new Date().toISOString();
      const [, , { results }] = await database.batch([
        database
          .prepare(
            'UPDATE enrolments SET expires = ?1 WHERE id = ?2 AND used IS NULL AND expires > ?1',
          )
          .bind(at, id),
        auditEntry(database, { caller, action: 'enrolment-cancel', target: id, detail: '', at }),
        database.prepare('SELECT id FROM enrolments WHERE id = ?').bind(id),
      ]);
      return results.length > 0;
    },
    async redeem(code) {
      const at = new Date().toISOString();
      const digest = await hexDigestOf(normaliseCode(code));
      const row = await database
        .prepare('SELECT device FROM enrolments WHERE sha256 = ? AND used IS NULL AND expires > ?')
        .bind(digest, at)
        .first<{ readonly device: string }>();
      if (row === null) return undefined;
      const { device } = row;
      const secret = createSecret();
      const id = crypto.randomUUID();
      const caller: Caller = { id, name: device, scope: 'device', device };
      // One transaction: of two devices with the same code one gets a key.
      const [{ meta }] = await database.batch([
        database
          .prepare(
            'UPDATE enrolments SET used = ?1, key_id = ?2 WHERE sha256 = ?3 AND used IS NULL AND expires > ?1',
          )
          .bind(at, id, digest),
        auditEntry(database, {
          caller,
          action: 'enrolment-redeem',
          target: device,
          detail: `key ${id}`,
          at,
        }),
        database
          .prepare(
            `INSERT INTO keys (id, name, scope, sha256, created, device)
             SELECT ?1, ?2, 'device', ?3, ?4, ?2 WHERE changes() > 0`,
          )
          .bind(id, device, await hexDigestOf(secret), at),
        database
          .prepare(
            `INSERT INTO devices (id, enrolled) SELECT ?1, ?2 WHERE changes() > 0
             ON CONFLICT (id) DO UPDATE SET removed = NULL`,
          )
          .bind(device, at),
      ]);
      return meta.changes > 0 ? { id, device, secret } : undefined;
    },
  };
}
