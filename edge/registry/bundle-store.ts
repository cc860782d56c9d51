// Bundles: the file in R2, its row in D1.
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';

/** One row of the registry. */
export interface BundleRecord {
  readonly model: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly version: string;
  readonly stages: number;
  /** ISO 8601 time of the upload. */
  readonly created: string;
}

/** What a release says of a bundle, to compare it with what is here. */
export interface StoredBundle extends BundleRecord {
  /** SHA-256 of the file's header; `null` where it was uploaded before that was kept. */
  readonly header: string | null;
}

/** Newest bundles shown per model; older ones stay addressable by their hash. */
export const MAX_LISTED_BUNDLES = 100;

export interface BundleStore {
  find(model: string, sha256: string): Promise<StoredBundle | undefined>;
  /** Newest first, at most {@linkcode MAX_LISTED_BUNDLES}. */
  list(model: string): Promise<BundleRecord[]>;
  /** Stores a file that was checked, also where it had been let go; false where it is there. */
  add(
    record: Omit<StoredBundle, 'created'>,
    bytes: Uint8Array,
    caller: Caller,
  ): Promise<{ readonly added: boolean; readonly record: BundleRecord }>;
  /** The file, or `length` bytes of it from `offset`. */
  open(
    sha256: string,
    range?: { readonly offset: number; readonly length: number },
  ): Promise<R2ObjectBody>;
}

const COLUMNS = 'model, sha256, bytes, version, stages, created';

const shownOf = ({ header: _, ...record }: StoredBundle): BundleRecord => record;

/** Where the file of a bundle lies in R2. */
export function objectKey(sha256: string): string {
  return `bundles/${sha256}.safetensors`;
}

export function createBundleStore(options: {
  readonly database: D1Database;
  readonly bucket: R2Bucket;
}): BundleStore {
  const { database, bucket } = options;

  async function find(model: string, sha256: string) {
    const row = await database
      .prepare(
        `SELECT ${COLUMNS}, header FROM bundles WHERE model = ? AND sha256 = ? AND collected IS NULL`,
      )
      .bind(model, sha256)
      .first<StoredBundle>();
    return row ?? undefined;
  }

  return {
    find,
    async list(model) {
      const { results } = await database
        .prepare(
          `SELECT ${COLUMNS} FROM bundles WHERE model = ? AND collected IS NULL
           ORDER BY created DESC, sha256 LIMIT ?`,
        )
        .bind(model, MAX_LISTED_BUNDLES)
        .all<BundleRecord>();
      return results;
    },
    async add(draft, bytes, caller) {
      const { header, ...shown } = draft;
      const { model, sha256, version, stages } = shown;
      const present = await find(model, sha256);
      if (present !== undefined && (await bucket.head(objectKey(sha256))) !== null) {
        return { added: false, record: shownOf(present) };
      }
      // The object first: a crash in between leaves a file nobody refers to, never a row without one.
      // R2 compares the checksum itself, so what is stored is what was hashed.
      await bucket.put(objectKey(sha256), bytes, { sha256 });
      const created = new Date().toISOString();
      const [{ meta }] = await database.batch([
        database
          .prepare(
            `INSERT INTO bundles (${COLUMNS}, header) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET created = ?6, collected = NULL WHERE collected IS NOT NULL`,
          )
          .bind(model, sha256, shown.bytes, version, stages, created, header),
        auditEntry(database, {
          caller,
          action: 'bundle-upload',
          target: `${model}/${sha256}`,
          detail: `version ${version}, ${stages} stages, ${shown.bytes} bytes`,
          at: created,
        }),
      ]);
      const added = meta.changes > 0;
      // A second upload of the same file may have won the race; its row counts.
      const winner = added ? undefined : await find(model, sha256);
      return { added, record: winner ? shownOf(winner) : { ...shown, created } };
    },
    async open(sha256, range) {
      const object = await bucket.get(objectKey(sha256), range === undefined ? {} : { range });
      if (object === null) throw new Error(`R2 has no object for bundle ${sha256}`);
      return object;
    },
  };
}
