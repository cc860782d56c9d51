// Lets old bundles go. What is served, what a rollback leads to, and what was either lately is
// pinned: neither this nor a person can remove it.
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';
import { objectKey } from './bundle-store.ts';

/** A gateway that was away for a month still finds the stages that it was told to fetch. */
export const KEEP_DAYS = 30;

/** Between the mark and the removal of the file: an upload of the same file takes the mark back. */
const GRACE_MS = 86_400_000;

/** Files of one run: R2 deletes up to 1,000 keys in one call. */
const MAX_COLLECTED = 500;

/** Bundles nobody may remove, as a subquery; `?1` is the time before which a release is old. */
const PINNED = `
  SELECT bundle FROM current_releases
  UNION SELECT fallback FROM current_releases WHERE fallback IS NOT NULL
  UNION SELECT bundle FROM releases WHERE created >= ?1
  UNION SELECT fallback FROM rollouts JOIN releases USING (model, channel, release)
        WHERE fallback IS NOT NULL AND created >= ?1
  UNION SELECT bundle FROM jobs WHERE state IN ('planning', 'running', 'assembling')`;

interface CollectOptions {
  readonly database: D1Database;
  readonly bucket: R2Bucket;
  readonly caller: Caller;
  /** Milliseconds since the epoch. @default {Date.now()} */
  readonly now?: number;
}

const daysBefore = (now: number) => new Date(now - KEEP_DAYS * 86_400_000).toISOString();

/**
 * Marks one bundle as let go: nobody finds it any more, its file goes a day later.
 *
 * @returns false where it is pinned, unknown or gone already.
 */
export async function collectBundle(
  { model, sha256 }: { readonly model: string; readonly sha256: string },
  { database, caller, now = Date.now() }: Omit<CollectOptions, 'bucket'>,
): Promise<boolean> {
  const at = new Date(now).toISOString();
  const [{ meta }] = await database.batch([
    database
      .prepare(
        `UPDATE bundles SET collected = ?2
         WHERE model = ?3 AND sha256 = ?4 AND collected IS NULL AND sha256 NOT IN (${PINNED})`,
      )
      .bind(daysBefore(now), at, model, sha256),
    auditEntry(database, {
      caller,
      action: 'bundle-collect',
      target: `${model}/${sha256}`,
      detail: '',
      at,
    }),
  ]);
  return meta.changes > 0;
}

/** Marks what is old and not pinned, and removes the files of what was marked a day ago. */
export async function collectBundles(options: CollectOptions): Promise<void> {
  const { database, bucket, now = Date.now() } = options;
  const { results: old } = await database
    .prepare(
      `SELECT model, sha256 FROM bundles
       WHERE created < ?1 AND collected IS NULL AND sha256 NOT IN (${PINNED})
       ORDER BY created LIMIT ${MAX_COLLECTED}`,
    )
    .bind(daysBefore(now))
    .all<{ readonly model: string; readonly sha256: string }>();
  for (const bundle of old) await collectBundle(bundle, options);
  const { results: marked } = await database
    .prepare(
      `SELECT sha256 FROM bundles WHERE collected < ?1 AND collected >= ?2
       ORDER BY collected LIMIT ${MAX_COLLECTED}`,
    )
    // A week's marks again each day: a run that was cut short is made up for.
    .bind(new Date(now - GRACE_MS).toISOString(), new Date(now - 8 * GRACE_MS).toISOString())
    .all<{ readonly sha256: string }>();
  if (marked.length > 0) await bucket.delete(marked.map(({ sha256 }) => objectKey(sha256)));
}
