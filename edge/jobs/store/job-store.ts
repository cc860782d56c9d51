// Jobs in D1: made, listed, cancelled and resumed by operators.
import { auditEntry } from '../../audit/audit-log.ts';
import type { Caller } from '../../auth/scope.ts';
import { ACTIVE_STATES, type Failure, type JobRow } from '../job.ts';
import { LEASE_MS } from '../job-context.ts';

export type NewJob = Pick<
  JobRow,
  | 'id'
  | 'request'
  | 'model'
  | 'bundle'
  | 'policy'
  | 'max_stage'
  | 'input'
  | 'format'
  | 'results'
  | 'profile'
>;

/** Newest jobs of a listing: three months of nights and more. */
export const MAX_LISTED_JOBS = 100;

/** Failures shown of a job; its counts say how many there are. */
export const MAX_LISTED_FAILURES = 100;

export interface JobStore {
  find(id: string): Promise<JobRow | undefined>;
  /** Newest first. */
  list(): Promise<JobRow[]>;
  /** Adds a job; false where its id is taken. */
  create(job: NewJob, caller: Caller, at: Date): Promise<boolean>;
  /** Reasons of the first chunks that failed. */
  failures(
    id: string,
  ): Promise<{ readonly chunk: number; readonly rows: number; readonly error: Failure }[]>;
  /** Ends an active job; false where it is none. */
  cancel(id: string, caller: Caller, at: Date): Promise<boolean>;
  /** Sets dead chunks and a failed, planned job to work again; false where there is nothing to resume. */
  resume(id: string, caller: Caller, at: Date): Promise<boolean>;
}

export function createJobStore(database: D1Database): JobStore {
  return {
    async find(id) {
      const row = await database
        .prepare('SELECT * FROM jobs WHERE id = ?')
        .bind(id)
        .first<JobRow>();
      return row ?? undefined;
    },
    async list() {
      const { results } = await database
        .prepare('SELECT * FROM jobs ORDER BY created DESC, id LIMIT ?')
        .bind(MAX_LISTED_JOBS)
        .all<JobRow>();
      return results;
    },
    async create(job, caller, at) {
      const created = at.toISOString();
      const [{ meta }] = await database.batch([
        database
          .prepare(
            `INSERT INTO jobs (id, request, model, bundle, policy, max_stage, input, format, results,
               profile, state, cursor, created, due)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planning', '{"phase":"list"}', ?, ?)
             ON CONFLICT DO NOTHING`,
          )
          .bind(
            job.id,
            job.request,
            job.model,
            job.bundle,
            job.policy,
            job.max_stage,
            job.input,
            job.format,
            job.results,
            job.profile,
            created,
            at.getTime() + LEASE_MS,
          ),
        auditEntry(database, {
          caller,
          action: 'job-create',
          target: job.id,
          detail: `${job.model} ${job.bundle.slice(0, 12)} on ${job.input}`,
          at: created,
        }),
      ]);
      return meta.changes > 0;
    },
    async failures(id) {
      const { results } = await database
        .prepare(
          `SELECT chunk, rows, error FROM job_chunks WHERE job = ? AND state = 'dead'
           ORDER BY chunk LIMIT ?`,
        )
        .bind(id, MAX_LISTED_FAILURES)
        .all<{ readonly chunk: number; readonly rows: number; readonly error: string }>();
      return results.map((row) => ({ ...row, error: JSON.parse(row.error) }));
    },
    async cancel(id, caller, at) {
      const ended = at.toISOString();
      const [{ meta }] = await database.batch([
        database
          .prepare(
            `UPDATE jobs SET state = 'cancelled', ended = ?, step = step + 1
             WHERE id = ? AND state IN ${ACTIVE_STATES}`,
          )
          .bind(ended, id),
        auditEntry(database, { caller, action: 'job-cancel', target: id, detail: '', at: ended }),
      ]);
      return meta.changes > 0;
    },
    async resume(id, caller, at) {
      const time = at.toISOString();
      // The audit entry stands behind the first statement: it is made where the job may be resumed.
      const [{ meta }] = await database.batch([
        database
          .prepare(
            `UPDATE jobs SET due = ?, sweeps = 0, ended = NULL, error = NULL, summary = NULL,
               step = step + 1, chunks_dead = 0,
               state = CASE WHEN state IN ${ACTIVE_STATES} AND (state <> 'assembling' OR chunks_dead = 0)
                 THEN state ELSE 'running' END
             WHERE id = ? AND (state IN ${ACTIVE_STATES} OR state = 'finished-with-failures'
               OR (state = 'failed' AND planned = 1))`,
          )
          .bind(at.getTime() + LEASE_MS, id),
        auditEntry(database, { caller, action: 'job-resume', target: id, detail: '', at: time }),
        database
          .prepare(
            `UPDATE job_chunks SET state = 'pending', error = NULL WHERE job = ? AND state = 'dead'
             AND EXISTS (SELECT 1 FROM jobs WHERE id = ? AND state IN ${ACTIVE_STATES})`,
          )
          .bind(id, id),
      ]);
      return meta.changes > 0;
    },
  };
}
