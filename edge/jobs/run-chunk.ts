// One chunk: read, answered, written as one slice, and only then counted.
import { runCascade } from '@dandan/shared/cascade';
import { policyOf } from '@dandan/shared/policy';
import { loadCascade } from '../inference/load-cascade.ts';
import { openInput } from './input/input-source.ts';
import { readChunkRows } from './input/read-chunk-rows.ts';
import { type ChunkWork, sliceKey } from './job.ts';
import { type JobContext, nowOf } from './job-context.ts';
import { OPERATIONS_PER_MESSAGE } from './price.ts';
import { CPU_MICROS } from './profile.ts';
import type { AnsweredRows } from './result/answered-rows.ts';
import { summarise } from './result/chunk-summary.ts';
import { writeCsvSlice } from './result/csv-slice.ts';
import { writeRowGroup } from './result/parquet-row-group.ts';
import { createChunkStore, type Settled } from './store/chunk-store.ts';

const EMPTY = new Uint8Array();

function joined(first: Uint8Array<ArrayBuffer>, second: Uint8Array<ArrayBuffer>) {
  const bytes = new Uint8Array(first.byteLength + second.byteLength);
  bytes.set(first);
  bytes.set(second, first.byteLength);
  return bytes;
}

/** Answers a chunk without keeping anything. Same work, same bytes. */
async function answerChunk({ env, cache }: JobContext, work: ChunkWork) {
  const { model, bundle: sha256, results } = work;
  const cascade = await loadCascade({ env, cache, model, sha256 });
  const source = openInput(env.BATCH, work.source);
  const { rows, ids } = await readChunkRows({ source, work, cascade });
  const limits = policyOf(cascade.manifest, work.policy);
  const result = runCascade(cascade, rows, {
    thresholds: limits.thresholds,
    maxStage: Math.min(work.maxStage ?? limits.maxStage, limits.maxStage),
  });
  const { firstRow } = work;
  const labels = cascade.manifest.classes;
  const answered: AnsweredRows = { firstRow, count: rows.count, ids, labels, result };
  const csv = results.includes('csv') ? writeCsvSlice(answered) : EMPTY;
  const group = results.includes('parquet')
    ? writeRowGroup(answered)
    : { bytes: EMPTY, columns: [] };
  return {
    slice: joined(csv, group.bytes),
    result: {
      csvBytes: csv.byteLength,
      parquetBytes: group.bytes.byteLength,
      columns: group.columns,
      summary: summarise(cascade, rows, result),
    },
    reads: source.reads,
    run: {
      cascade,
      sha256,
      policy: work.policy,
      rows,
      result,
      limited: work.maxStage !== null,
    },
  };
}

/**
 * Answers a chunk that is still to do. Safe at any number of deliveries and crashes: the slice has
 * the same bytes under the same key each time, and D1 counts it once.
 *
 * @returns `undefined` where there was nothing to do.
 * @throws {InputError} for rows that cannot be read, which no repetition makes readable.
 */
export async function runChunk(
  context: JobContext,
  { job, chunk }: { readonly job: string; readonly chunk: number },
): Promise<Settled | undefined> {
  const { env } = context;
  const chunks = createChunkStore(env.REGISTRY, () => nowOf(context));
  const work = await chunks.find(job, chunk);
  if (work === undefined) return undefined;
  const { slice, result, reads, run } = await answerChunk(context, work);
  const key = sliceKey(job, chunk);
  await env.BATCH.put(key, slice);
  const { invocation, row, mac, feature } = CPU_MICROS;
  const perRow = row + feature[work.source.format] * run.rows.width;
  const settled = await chunks.settle(
    work,
    { state: 'done', result },
    {
      invocations: 1,
      queueOperations: OPERATIONS_PER_MESSAGE,
      classA: 1,
      classB: reads,
      rowsWritten: 2,
      cpuMicros: invocation + perRow * work.rows + mac * result.summary.macs,
    },
  );
  if (settled.counted) context.record?.(run);
  if (!settled.counted && (await isCancelled(env.REGISTRY, job))) await env.BATCH.delete(key);
  return settled;
}

/** A job cancelled meanwhile has been cleaned up already, perhaps before this slice was written. */
async function isCancelled(database: D1Database, job: string): Promise<boolean> {
  const state = await database
    .prepare('SELECT state FROM jobs WHERE id = ?')
    .bind(job)
    .first<string>('state');
  return state === 'cancelled';
}
