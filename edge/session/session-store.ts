// Sessions in D1: a person shows a key once, the browser then holds a token that is worth no more.
import { BOOTSTRAP, BOOTSTRAP_ID } from '../auth/caller-cache.ts';
import type { Caller } from '../auth/scope.ts';
import { createSecret, hexDigestOf } from '../auth/secret.ts';

/** A shift. */
export const SESSION_HOURS = 12;

const HOUR_MS = 3_600_000;

export interface SessionStore {
  /** Opens a session for the holder of a key; `token` is not recoverable later. */
  open(caller: Caller): Promise<{ readonly token: string; readonly expires: string }>;
  /** Whose session it is, while both session and key are valid. */
  find(token: string): Promise<Caller | undefined>;
  close(token: string): Promise<void>;
}

export function createSessionStore(database: D1Database): SessionStore {
  return {
    async open({ id }) {
      const token = createSecret();
      const now = Date.now();
      const expires = new Date(now + SESSION_HOURS * HOUR_MS).toISOString();
      const at = new Date(now).toISOString();
      await database.batch([
        database.prepare('DELETE FROM sessions WHERE expires <= ?').bind(at),
        database
          .prepare('INSERT INTO sessions (sha256, key_id, created, expires) VALUES (?, ?, ?, ?)')
          .bind(await hexDigestOf(token), id, at, expires),
      ]);
      return { token, expires };
    },
    async find(token) {
      const now = new Date().toISOString();
      const row = await database
        .prepare(
          `SELECT s.key_id, k.id, k.name, k.scope, k.device FROM sessions s
           LEFT JOIN keys k ON k.id = s.key_id AND k.revoked IS NULL AND (k.expires IS NULL OR k.expires > ?2)
           WHERE s.sha256 = ?1 AND s.expires > ?2`,
        )
        .bind(await hexDigestOf(token), now)
        .first<{ readonly key_id: string } & { readonly [F in keyof Caller]: Caller[F] | null }>();
      if (row === null) return undefined;
      if (row.key_id === BOOTSTRAP_ID) return BOOTSTRAP;
      const { id, name, scope, device } = row;
      if (id === null || name === null || scope === null) return undefined;
      return { id, name, scope, device: device ?? null };
    },
    async close(token) {
      await database
        .prepare('DELETE FROM sessions WHERE sha256 = ?')
        .bind(await hexDigestOf(token))
        .run();
    },
  };
}
