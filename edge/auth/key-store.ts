// Keys in D1. The secret itself is shown once, at creation, and never kept.
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller, Scope } from './scope.ts';
import { createSecret, digestSecret } from './secret.ts';

/** A key without its secret. */
export interface KeyRecord extends Caller {
  readonly created: string;
  readonly revoked: string | null;
}

/** Newest keys shown by a listing; a plant has tens of gateways. */
export const MAX_LISTED_KEYS = 1000;

export interface KeyStore {
  /** Makes a key. `secret` is not recoverable later. */
  create(
    options: { readonly name: string; readonly scope: Scope },
    caller: Caller,
  ): Promise<{
    readonly record: KeyRecord;
    readonly secret: string;
  }>;
  /** The holder of an unrevoked key by the SHA-256 of its secret. */
  findByDigest(digest: string): Promise<Caller | undefined>;
  list(): Promise<KeyRecord[]>;
  /** Revokes a key; false where no key has the id. Revoking twice keeps the first time. */
  revoke(id: string, caller: Caller): Promise<boolean>;
}

const COLUMNS = 'id, name, scope, created, revoked';

export function createKeyStore(database: D1Database): KeyStore {
  return {
    async create({ name, scope }, caller) {
      const secret = createSecret();
      const record: KeyRecord = {
        id: crypto.randomUUID(),
        name,
        scope,
        created: new Date().toISOString(),
        revoked: null,
      };
      const { id, created } = record;
      await database.batch([
        database
          .prepare('INSERT INTO keys (id, name, scope, sha256, created) VALUES (?, ?, ?, ?, ?)')
          .bind(id, name, scope, await digestSecret(secret), created),
        auditEntry(database, {
          caller,
          action: 'key-create',
          target: id,
          detail: `${name}, scope ${scope}`,
          at: created,
        }),
      ]);
      return { record, secret };
    },
    async findByDigest(digest) {
      // The index walk depends on the digest alone, from which no part of a key can be worked out.
      const row = await database
        .prepare('SELECT id, name, scope FROM keys WHERE sha256 = ? AND revoked IS NULL')
        .bind(digest)
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
