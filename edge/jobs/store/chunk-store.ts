// Chunks in D1: what a delivery needs, and the one conditional update that makes its result count.
import { type ChunkWork, type Failure, type FileRow, resultFormats } from '../job.ts';
import { LEASE_MS } from '../job-context.ts';
import { ADD_USAGE, type Usage, usageValues } from '../price.ts';
import type { ChunkSummary } from '../result/chunk-summary.ts';
import type { ColumnSize } from '../result/parquet-row-group.ts';
import { beginAssembling, begunStep } from './advance-step.ts';

/** What is kept of an answered chunk; the answers lie in R2. */
export interface ChunkResult {
  readonly csvBytes: number;
  readonly parquetBytes: number;
  readonly columns: readonly ColumnSize[];
  readonly summary: ChunkSummary;
}

export type ChunkOutcome =
  | { readonly state: 'done'; readonly result: ChunkResult }
  | { readonly state: 'dead'; readonly error: Failure };

export interface Settled {
  /** False where the chunk was settled before, or its job has ended. */
  readonly counted: boolean;
  /** Step to send where this was the last chunk. */
  readonly assemble: number | undefined;
}

type WorkRow = Record<string, string | number | null>;

export interface ChunkStore {
  /** A chunk that is still to do, of a job that wants it. */
  find(job: string, chunk: number): Promise<ChunkWork | undefined>;
  settle(
    chunk: Pick<ChunkWork, 'job' | 'chunk' | 'rows'>,
    outcome: ChunkOutcome,
    usage: Usage,
  ): Promise<Settled>;
  /** Notes why a delivery failed that will be tried again. */
  note(job: string, chunk: number, error: Failure): Promise<void>;
  /** Numbers of chunks from `from` on that are still to do. */
  pending(job: string, from: number, limit: number): Promise<number[]>;
}

const WANTED = "state IN ('planning', 'running')";

function toWork(row: WorkRow): ChunkWork {
  const { results, file, name, etag, size, format, layout, ...rest } = row;
  const source = { file, name, etag, bytes: size, format, layout } as FileRow;
  return { ...(rest as unknown as ChunkWork), results: resultFormats(String(results)), source };
}

function values(outcome: ChunkOutcome): (string | number | null)[] {
  if (outcome.state === 'dead') return ['dead', JSON.stringify(outcome.error), 0, 0, null, null];
  const { csvBytes, parquetBytes, columns, summary } = outcome.result;
  return ['done', null, csvBytes, parquetBytes, JSON.stringify(columns), JSON.stringify(summary)];
}

export function createChunkStore(database: D1Database, now: () => number): ChunkStore {
  return {
    async find(job, chunk) {
      const row = await database
        .prepare(
          `SELECT c.job, c.chunk, c.first_row AS firstRow, c.rows, c.place, c.begin, c.bytes,
             j.model, j.bundle, j.policy, j.max_stage AS maxStage, j.results, j.profile,
             f.file, f.name, f.etag, f.bytes AS size, f.format, f.layout
           FROM job_chunks c JOIN jobs j ON j.id = c.job
           JOIN job_files f ON f.job = c.job AND f.file = c.file
           WHERE c.job = ? AND c.chunk = ? AND c.state = 'pending' AND j.${WANTED}`,
        )
        .bind(job, chunk)
        .first<WorkRow>();
      return row === null ? undefined : toWork(row);
    },
    async settle({ job, chunk, rows }, outcome, usage) {
      const count = outcome.state === 'done' ? 'chunks_done' : 'chunks_dead';
      const [settled, , begun] = await database.batch([
        database
          .prepare(
            `UPDATE job_chunks SET state = ?, error = ?, csv_bytes = ?, parquet_bytes = ?, columns = ?,
               summary = ?, attempts = attempts + 1
             WHERE job = ? AND chunk = ? AND state = 'pending'
               AND EXISTS (SELECT 1 FROM jobs WHERE id = ? AND ${WANTED})`,
          )
          .bind(...values(outcome), job, chunk, job),
        // changes() is that of the statement before: what was settled already is not counted again.
        database
          .prepare(
            `UPDATE jobs SET ${count} = ${count} + (changes() > 0),
               rows_done = rows_done + (changes() > 0) * ?,
               due = CASE WHEN changes() > 0 THEN ? ELSE due END, sweeps = 0, ${ADD_USAGE}
             WHERE id = ?`,
          )
          .bind(outcome.state === 'done' ? rows : 0, now() + LEASE_MS, ...usageValues(usage), job),
        beginAssembling(database, job),
      ]);
      return { counted: settled.meta.changes > 0, assemble: begunStep(begun) };
    },
    async note(job, chunk, error) {
      await database
        .prepare(
          `UPDATE job_chunks SET error = ?, attempts = attempts + 1
           WHERE job = ? AND chunk = ? AND state = 'pending'`,
        )
        .bind(JSON.stringify(error), job, chunk)
        .run();
    },
    async pending(job, from, limit) {
      const { results } = await database
        .prepare(
          `SELECT chunk FROM job_chunks c WHERE job = ? AND chunk >= ? AND state = 'pending'
             AND EXISTS (SELECT 1 FROM jobs j WHERE j.id = c.job AND j.${WANTED})
           ORDER BY chunk LIMIT ?`,
        )
        .bind(job, from, limit)
        .all<{ readonly chunk: number }>();
      return results.map(({ chunk }) => chunk);
    },
  };
}
