// What a result is made of: bytes of its own before and behind, slices of the chunks in between.
import { type ResultFormat, sliceKey } from '../job.ts';
import { CSV_HEADER } from '../result/csv-slice.ts';
import { frameFooter, PARQUET_MAGIC } from '../result/parquet-footer.ts';

export interface ResultLayout {
  readonly format: ResultFormat;
  readonly head: Uint8Array;
  /** Bytes of all slices. */
  readonly body: number;
  readonly tail: Uint8Array;
  /** Bytes of the whole file. */
  readonly bytes: number;
}

const EMPTY = new Uint8Array();

async function parquetTail(database: D1Database, job: string, rows: number): Promise<Uint8Array> {
  const { results } = await database
    .prepare('SELECT row_groups AS groups, bytes FROM job_footers WHERE job = ? ORDER BY piece')
    .bind(job)
    .all<{ readonly groups: number; readonly bytes: readonly number[] }>();
  const encoded = results.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const groups = results.reduce((sum, piece) => sum + piece.groups, 0);
  const { head, tail } = frameFooter({ rows, groups, encoded });
  const footer = new Uint8Array(head.byteLength + encoded + tail.byteLength);
  footer.set(head);
  let at = head.byteLength;
  for (const { bytes } of results) {
    footer.set(bytes, at);
    at += bytes.length;
  }
  footer.set(tail, at);
  return footer;
}

export async function layoutOf(
  database: D1Database,
  job: string,
  format: ResultFormat,
): Promise<ResultLayout> {
  const sums = await database
    .prepare(
      `SELECT COALESCE(SUM(${format}_bytes), 0) AS body, COALESCE(SUM(rows), 0) AS rows
       FROM job_chunks WHERE job = ? AND state = 'done'`,
    )
    .bind(job)
    .first<{ readonly body: number; readonly rows: number }>();
  const { body = 0, rows = 0 } = sums ?? {};
  const head = format === 'csv' ? CSV_HEADER : PARQUET_MAGIC;
  const tail = format === 'csv' ? EMPTY : await parquetTail(database, job, rows);
  return { format, head, body, tail, bytes: head.byteLength + body + tail.byteLength };
}

/** Where a slice lies in a result and in its own object. */
interface SliceRow {
  readonly chunk: number;
  readonly begin: number;
  readonly bytes: number;
  /** Bytes of the object before it. */
  readonly skip: number;
}

/** Gets in flight at once; a Worker may have six connections. */
const CONCURRENT_READS = 4;

/** The slices that overlap `begin..end` of the slices laid end to end. */
async function slicesBetween(
  database: D1Database,
  job: string,
  { format, begin, end }: { format: ResultFormat; begin: number; end: number },
): Promise<SliceRow[]> {
  const { results } = await database
    .prepare(
      `SELECT * FROM (
         SELECT chunk, ${format}_bytes AS bytes, ${format === 'csv' ? '0' : 'csv_bytes'} AS skip,
           SUM(${format}_bytes) OVER (ORDER BY chunk) - ${format}_bytes AS begin
         FROM job_chunks WHERE job = ?1 AND state = 'done')
       WHERE begin < ?3 AND begin + bytes > ?2 ORDER BY chunk`,
    )
    .bind(job, begin, end)
    .all<SliceRow>();
  return results;
}

/**
 * Bytes `begin..end` of a result.
 *
 * @returns the bytes, and how many objects they were read from.
 */
export async function readResultBytes(options: {
  readonly database: D1Database;
  readonly bucket: R2Bucket;
  readonly job: string;
  readonly layout: ResultLayout;
  readonly begin: number;
  readonly end: number;
}): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly reads: number }> {
  const { database, bucket, job, layout, begin, end } = options;
  const { format, head, body, tail } = layout;
  const out = new Uint8Array(end - begin);
  const place = (bytes: Uint8Array, at: number) => {
    const from = Math.max(begin, at);
    const to = Math.min(end, at + bytes.byteLength);
    if (from < to) out.set(bytes.subarray(from - at, to - at), from - begin);
  };
  place(head, 0);
  place(tail, head.byteLength + body);
  const bodyBegin = head.byteLength;
  const slices = await slicesBetween(database, job, {
    format,
    begin: Math.max(0, begin - bodyBegin),
    end: end - bodyBegin,
  });
  const read = async ({ chunk, begin: at, bytes, skip }: SliceRow) => {
    const start = bodyBegin + at;
    const from = Math.max(begin, start);
    const length = Math.min(end, start + bytes) - from;
    const range = { offset: skip + from - start, length };
    const object = await bucket.get(sliceKey(job, chunk), { range });
    if (object === null) throw new Error(`R2 has no slice of chunk ${chunk} of job ${job}`);
    place(new Uint8Array(await object.arrayBuffer()), from);
  };
  for (let i = 0; i < slices.length; i += CONCURRENT_READS) {
    await Promise.all(slices.slice(i, i + CONCURRENT_READS).map(read));
  }
  return { bytes: out, reads: slices.length };
}
