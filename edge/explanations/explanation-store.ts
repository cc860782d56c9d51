// Explanations that were to be kept: the record in R2, its index and its hash in D1.
import { sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';
import type { ExplainResponse } from '@dandan/shared/wire';
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';
import { EdgeError } from '../problem/edge-error.ts';

/** Of one record: sixteen rows of 15,000 codes. */
export const MAX_RECORD_BYTES = 1024 * 1024;

/** Records of one listing. */
export const MAX_LISTED_EXPLANATIONS = 1000;

/** Codes of a row, as the bundle's first stage reads them. */
export type RowCodes = number[] | { readonly indices: number[]; readonly codes: number[] };

/** What is kept. */
export interface ExplanationRecord extends ExplainResponse {
  readonly id: string;
  readonly at: string;
  /** The key that asked, by the name it had then. */
  readonly key: { readonly id: string; readonly name: string };
  readonly rows: RowCodes[];
}

export interface ExplanationSummary {
  /** Ascends with time. */
  readonly number: number;
  readonly id: string;
  readonly at: string;
  readonly key: { readonly id: string; readonly name: string };
  readonly model: string;
  readonly bundle: string;
  readonly policy: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

type Row = Omit<ExplanationSummary, 'key'> & { readonly key_id: string; readonly key_name: string };

export interface ExplanationStore {
  /** Keeps an explanation; its id. @throws {InputError} `option-invalid` where it is too long. */
  keep(
    explanation: { readonly explained: ExplainResponse; readonly rows: QuantisedRows },
    caller: Caller,
  ): Promise<string>;
  /** Newest first; `before` is the `number` of the last of the page before. */
  list(query: {
    readonly model?: string | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<ExplanationSummary[]>;
  /** The record as it was kept. @throws {EdgeError} `explanation-unknown`, `explanation-altered`. */
  read(id: string): Promise<ExplanationRecord>;
}

const COLUMNS = 'number, id, at, key_id, key_name, model, bundle, policy, rows, bytes, sha256';

const objectKey = (id: string) => `explanations/${id}.json`;

function codesOf(rows: QuantisedRows): RowCodes[] {
  return Array.from({ length: rows.count }, (_, row) => {
    if (rows.kind === 'dense') {
      return [...rows.codes.subarray(row * rows.width, (row + 1) * rows.width)];
    }
    const [begin, end] = rows.offsets.subarray(row, row + 2);
    return {
      indices: [...rows.indices.subarray(begin, end)],
      codes: [...rows.codes.subarray(begin, end)],
    };
  });
}

function checkLength(bytes: number): void {
  if (bytes <= MAX_RECORD_BYTES) return;
  throw new InputError('option-invalid', `The record would have ${bytes} bytes`, {
    field: 'keep',
    value: true,
    allowed: `at most ${MAX_RECORD_BYTES} bytes: explain fewer rows at once`,
  });
}

export function createExplanationStore(options: {
  readonly database: D1Database;
  readonly bucket: R2Bucket;
}): ExplanationStore {
  const { database, bucket } = options;
  return {
    async keep({ explained, rows }, caller) {
      const id = crypto.randomUUID();
      const at = new Date().toISOString();
      const { name } = caller;
      const key = { id: caller.id, name };
      const record: ExplanationRecord = { id, at, key, ...explained, rows: codesOf(rows) };
      const bytes = new TextEncoder().encode(JSON.stringify(record));
      checkLength(bytes.byteLength);
      const sha256 = await sha256Hex(bytes);
      const { model, bundle, policy } = explained;
      // The object first: a crash in between leaves one nobody refers to.
      await bucket.put(objectKey(id), bytes, { sha256 });
      await database.batch([
        database
          .prepare(
            `INSERT INTO explanations (id, at, key_id, key_name, model, bundle, policy, rows, bytes,
             sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .bind(id, at, key.id, name, model, bundle, policy, rows.count, bytes.byteLength, sha256),
        auditEntry(database, {
          caller,
          action: 'explanation-keep',
          target: id,
          detail: sha256,
          at,
        }),
      ]);
      return id;
    },
    async list({ model, before, limit }) {
      const { results } = await database
        .prepare(
          `SELECT ${COLUMNS} FROM explanations WHERE number < ? AND (?2 IS NULL OR model = ?2)
           ORDER BY number DESC LIMIT ?`,
        )
        .bind(before ?? Number.MAX_SAFE_INTEGER, model ?? null, limit)
        .all<Row>();
      return results.map(({ key_id, key_name, ...rest }) => ({
        ...rest,
        key: { id: key_id, name: key_name },
      }));
    },
    async read(id) {
      const sha256 = await database
        .prepare('SELECT sha256 FROM explanations WHERE id = ?')
        .bind(id)
        .first<string>('sha256');
      const details = { field: 'id', value: id, allowed: 'the id of a kept explanation' };
      if (sha256 === null) {
        throw new EdgeError('explanation-unknown', 'There is no such explanation', details);
      }
      const object = await bucket.get(objectKey(id));
      const bytes = object && new Uint8Array(await object.arrayBuffer());
      if (bytes === null || (await sha256Hex(bytes)) !== sha256) {
        throw new EdgeError('explanation-altered', 'The record is not what was kept', {
          field: 'id',
          value: id,
          allowed: `a record with SHA-256 ${sha256}`,
        });
      }
      return JSON.parse(new TextDecoder().decode(bytes)) as ExplanationRecord;
    },
  };
}
