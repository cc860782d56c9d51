// Public keys whose signatures make a release. Kept for ever: an old release stays checkable.
import { importPublicKey, type VerifyingKey } from '@dandan/shared/release';
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';

export interface SigningKeyRecord {
  /** SHA-256 of the raw public key. */
  readonly id: string;
  readonly name: string;
  /** Base64 of 32 bytes. */
  readonly publicKey: string;
  readonly created: string;
  readonly revoked: string | null;
}

/** Keys that may sign at a time: a few people and their successors. */
export const MAX_SIGNING_KEYS = 16;

export interface SigningKeyStore {
  /** Newest first, revoked ones too. */
  list(): Promise<SigningKeyRecord[]>;
  /** Those whose signatures count now, ready to verify. */
  trusted(): Promise<VerifyingKey[]>;
  /**
   * Trusts a key. Adding one twice changes nothing; one that was revoked stays so.
   *
   * @returns `undefined` where {@linkcode MAX_SIGNING_KEYS} are trusted already.
   * @throws {InputError} `signing-key-invalid`.
   */
  add(
    key: { readonly name: string; readonly publicKey: string },
    caller: Caller,
  ): Promise<SigningKeyRecord | undefined>;
  /** False where no key has the id. Revoking twice keeps the first time. */
  revoke(id: string, caller: Caller): Promise<boolean>;
}

const COLUMNS = 'id, name, public_key AS publicKey, created, revoked';

export function createSigningKeyStore(database: D1Database): SigningKeyStore {
  async function find(id: string) {
    const row = await database
      .prepare(`SELECT ${COLUMNS} FROM signing_keys WHERE id = ?`)
      .bind(id)
      .first<SigningKeyRecord>();
    return row ?? undefined;
  }

  async function list() {
    const { results } = await database
      .prepare(`SELECT ${COLUMNS} FROM signing_keys ORDER BY created DESC, id`)
      .all<SigningKeyRecord>();
    return results;
  }

  return {
    list,
    async trusted() {
      const records = (await list()).filter(({ revoked }) => revoked === null);
      return Promise.all(records.map(({ publicKey }) => importPublicKey(publicKey)));
    },
    async add({ name, publicKey }, caller) {
      const { id } = await importPublicKey(publicKey);
      const at = new Date().toISOString();
      await database.batch([
        database
          .prepare(
            `INSERT INTO signing_keys (id, name, public_key, created) SELECT ?1, ?2, ?3, ?4
             WHERE (SELECT COUNT(*) FROM signing_keys WHERE revoked IS NULL) < ?5
             ON CONFLICT DO NOTHING`,
          )
          .bind(id, name, publicKey, at, MAX_SIGNING_KEYS),
        auditEntry(database, { caller, action: 'signing-key-add', target: id, detail: name, at }),
      ]);
      return find(id);
    },
    async revoke(id, caller) {
      const at = new Date().toISOString();
      await database.batch([
        database
          .prepare('UPDATE signing_keys SET revoked = ? WHERE id = ? AND revoked IS NULL')
          .bind(at, id),
        auditEntry(database, { caller, action: 'signing-key-revoke', target: id, detail: '', at }),
      ]);
      return (await find(id)) !== undefined;
    },
  };
}
