// Keys in D1. The secret itself is shown once, at creation, and never kept.
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller, Scope } from './scope.ts';
import { createSecret, hexDigestOf } from './secret.ts';

/** A key without its secret. */
export interface KeyRecord extends Caller {
  readonly device: string | null;
  readonly created: string;
  readonly revoked: string | null;
  /** A key that was replaced works until then. */
  readonly expires: string | null;
}

export interface NewKey {
  readonly record: KeyRecord;
  /** Not recoverable later. */
  readonly secret: string;
}

/** A week: a gateway that is away takes up its new key when it comes back. */
export const MAX_OVERLAP_MINUTES = 10_080;

/** Both keys work for an hour, so that the new one can be put in place without haste. */
export const DEFAULT_OVERLAP_MINUTES = 60;

/** Newest keys shown by a listing; a plant has tens of gateways. */
export const MAX_LISTED_KEYS = 1000;

export interface KeyStore {
  create(
    options: { readonly name: string; readonly scope: Scope; readonly device?: string | undefined },
    caller: Caller,
  ): Promise<NewKey>;
  /**
   * Makes a successor of the same name, scope and device; the old key ends after `overlapMinutes`.
   *
   * @returns `undefined` where no valid key has the id.
   */
  rotate(
    id: string,
    options: { readonly overlapMinutes: number },
    caller: Caller,
  ): Promise<NewKey | undefined>;
  /** The holder of an valid key by the SHA-256 of its secret. */
  findByDigest(digest: string): Promise<Caller | undefined>;
  list(): Promise<KeyRecord[]>;
  /** Revokes a key; false where no key has the id. Revoking twice keeps the first time. */
  revoke(id: string, caller: Caller): Promise<boolean>;
}

const COLUMNS = 'id, name, scope, device, created, revoked, expires';

/** Neither revoked nor run out at `?`. */
const VALID = 'revoked IS NULL AND (expires IS NULL OR expires > ?)';

export function createKeyStore(database: D1Database): KeyStore {
  /** A new key like `like`; the statement stores it under `condition`. */
  async function draft(like: Pick<KeyRecord, 'name' | 'scope' | 'device'>, condition = '') {
    const { name, scope, device } = like;
    const secret = createSecret();
    const created = new Date().toISOString();
    const id = crypto.randomUUID();
    const record: KeyRecord = { id, name, scope, device, created, revoked: null, expires: null };
    const sha256 = await hexDigestOf(secret);
    const insert = (...values: unknown[]) =>
      database
        .prepare(
          `INSERT INTO keys (id, name, scope, device, sha256, created) SELECT ?, ?, ?, ?, ?, ? ${condition}`,
        )
        .bind(id, name, scope, device, sha256, created, ...values);
    return { record, secret, insert };
  }

  return {
    async create({ name, scope, device = null }, caller) {
      const { record, secret, insert } = await draft({ name, scope, device });
      await database.batch([
        insert(),
        auditEntry(database, {
          caller,
          action: 'key-create',
          target: record.id,
          detail: `${name}, scope ${scope}${device === null ? '' : `, device ${device}`}`,
          at: record.created,
        }),
      ]);
      return { record, secret };
    },
    async rotate(id, { overlapMinutes }, caller) {
      const now = Date.now();
      const at = new Date(now).toISOString();
      const old = await database
        .prepare(`SELECT ${COLUMNS} FROM keys WHERE id = ? AND ${VALID}`)
        .bind(id, at)
        .first<KeyRecord>();
      if (old === null) return undefined;
      // Again in the transaction: the key may be revoked in between.
      const stillValid = `WHERE EXISTS (SELECT 1 FROM keys WHERE id = ? AND ${VALID})`;
      const { record, secret, insert } = await draft(old, stillValid);
      const expires = new Date(now + overlapMinutes * 60_000).toISOString();
      const [{ meta }] = await database.batch([
        insert(id, at),
        auditEntry(database, {
          caller,
          action: 'key-rotate',
          target: id,
          detail: `by ${record.id}, works until ${expires}`,
          at: record.created,
        }),
        // Rotating twice never gives the oldest key more time.
        database
          .prepare('UPDATE keys SET expires = MIN(COALESCE(expires, ?1), ?1) WHERE id = ?2')
          .bind(expires, id),
      ]);
      return meta.changes > 0 ? { record, secret } : undefined;
    },
    async findByDigest(digest) {
      // The index walk depends on the digest alone, from which no part of a key can be worked out.
      const row = await database
        .prepare(`SELECT id, name, scope, device FROM keys WHERE sha256 = ? AND ${VALID}`)
        .bind(digest, new Date().toISOString())
        .first<Caller>();
      return row ?? undefined;
    },
    async list() {
      const { results } = await database
        .prepare(`SELECT ${COLUMNS} FROM keys ORDER BY created DESC, id LIMIT ?`)
        .bind(MAX_LISTED_KEYS)
        .all<KeyRecord>();
      return results;
    },
    async revoke(id, caller) {
      const at = new Date().toISOString();
      const [, , { results }] = await database.batch([
        database
          .prepare('UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL')
          .bind(at, id),
        auditEntry(database, { caller, action: 'key-revoke', target: id, detail: '', at }),
        database.prepare('SELECT id FROM keys WHERE id = ?').bind(id),
      ]);
      return results.length > 0;
    },
  };
}
