// Assembling: the next part of a result, uploaded as R2's multipart upload wants it.
import type { ResultFormat } from '../job.ts';
import { type JobRow, resultFile, resultKey } from '../job.ts';
import { type JobContext, nowOf } from '../job-context.ts';
import { OPERATIONS_PER_MESSAGE } from '../price.ts';
import { CPU_MICROS, PROFILES } from '../profile.ts';
import { advanceStep } from '../store/advance-step.ts';
import type { AssembleCursor } from './cursor.ts';
import { layoutOf, readResultBytes } from './result-layout.ts';

export const CONTENT_TYPES: Readonly<Record<ResultFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

/** Forgets an upload that failed: it may have been completed, or its parts replaced, by a delivery that crashed. */
async function restartUpload(context: JobContext, job: JobRow, cursor: AssembleCursor) {
  const { upload: _, ...rest } = cursor;
  await context.env.REGISTRY.prepare('UPDATE jobs SET cursor = ? WHERE id = ? AND step = ?')
    .bind(JSON.stringify({ ...rest, etags: [] }), job.id, job.step)
    .run();
}

async function uploadNext(
  context: JobContext,
  job: JobRow,
  { cursor, format }: { readonly cursor: AssembleCursor; readonly format: ResultFormat },
) {
  const { REGISTRY: database, BATCH: bucket } = context.env;
  const { partBytes } = PROFILES[job.profile];
  const layout = await layoutOf(database, job.id, format);
  const done = cursor.etags.length;
  const begin = done * partBytes;
  const end = Math.min(layout.bytes, begin + partBytes);
  const key = resultKey(job.id, resultFile(format));
  const { bytes, reads } = await readResultBytes({
    database,
    bucket,
    job: job.id,
    layout,
    begin,
    end,
  });
  const upload =
    cursor.upload === undefined
      ? await bucket.createMultipartUpload(key, {
          httpMetadata: { contentType: CONTENT_TYPES[format] },
        })
      : bucket.resumeMultipartUpload(key, cursor.upload);
  const { etag } = await upload.uploadPart(done + 1, bytes);
  const etags = [...cursor.etags, etag];
  const whole = end === layout.bytes;
  if (whole) await upload.complete(etags.map((each, i) => ({ partNumber: i + 1, etag: each })));
  const next: AssembleCursor = whole
    ? { result: cursor.result + 1, etags: [] }
    : { ...cursor, upload: upload.uploadId, etags };
  const classA = 1 + (cursor.upload === undefined ? 1 : 0) + (whole ? 1 : 0);
  return { next, reads, classA, bytes: bytes.byteLength };
}

/** @throws what R2 does; the upload then starts anew with the next delivery. */
export async function uploadStep(
  context: JobContext,
  job: JobRow,
  at: { readonly cursor: AssembleCursor; readonly format: ResultFormat },
) {
  const uploaded = await uploadNext(context, job, at).catch(async (error: unknown) => {
    if (at.cursor.upload !== undefined) await restartUpload(context, job, at.cursor);
    throw error;
  });
  const { next, reads, classA, bytes } = uploaded;
  return advanceStep({
    database: context.env.REGISTRY,
    job,
    now: nowOf(context),
    outcome: {
      state: 'assembling',
      cursor: next,
      usage: {
        invocations: 1,
        queueOperations: OPERATIONS_PER_MESSAGE,
        classA,
        classB: reads,
        rowsWritten: 1,
        cpuMicros: CPU_MICROS.invocation + CPU_MICROS.byte * bytes,
      },
    },
  });
}
