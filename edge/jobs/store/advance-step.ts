// The serial phases of a job advance by one conditional update: of two deliveries of a step one wins,
// and only the winner sends what comes next.
import type { JobRow, JobState } from '../job.ts';
import { LEASE_MS } from '../job-context.ts';
import { ADD_USAGE, type Usage, usageValues } from '../price.ts';

export interface StepOutcome {
  readonly cursor: object;
  readonly state: JobState;
  readonly usage: Usage;
  readonly files?: number;
  readonly chunks?: number;
  readonly rows?: number;
  readonly summary?: object;
  readonly error?: object;
}

export interface AdvanceOptions {
  readonly database: D1Database;
  readonly job: Pick<JobRow, 'id' | 'step' | 'state'>;
  readonly outcome: StepOutcome;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Statements of the same transaction; each keeps to {@linkcode STILL_AT_STEP}. */
  readonly writes?: readonly D1PreparedStatement[];
}

/** Ends a statement that may only take effect where the step does; see {@linkcode stepValues}. */
export const STILL_AT_STEP = 'EXISTS (SELECT 1 FROM jobs WHERE id = ? AND step = ? AND state = ?)';

export const stepValues = ({ id, step, state }: AdvanceOptions['job']) => [id, step, state];

const ENDED: readonly JobState[] = ['finished', 'finished-with-failures', 'failed'];

/**
 * A job whose chunks are all done or dead goes on to be assembled. Stands last in every transaction
 * that may have been the last to do so; gives the step to send where it was.
 */
export function beginAssembling(database: D1Database, job: string): D1PreparedStatement {
  return database
    .prepare(
      `UPDATE jobs SET state = 'assembling', step = step + 1, cursor = '{"result":0,"etags":[]}'
       WHERE id = ? AND state = 'running' AND chunks_done + chunks_dead = chunks RETURNING step`,
    )
    .bind(job);
}

/** The step that {@linkcode beginAssembling} began, or `undefined`. */
export const begunStep = ({ results }: D1Result) =>
  (results as { readonly step: number }[])[0]?.step;

/**
 * @returns `undefined` where another delivery was first, else the step at which the job is now:
 * one further, or two where this began the assembling.
 */
export async function advanceStep(options: AdvanceOptions): Promise<number | undefined> {
  const { database, job, outcome, now, writes = [] } = options;
  const { cursor, state, usage, files, chunks, rows, summary, error } = outcome;
  const ended = ENDED.includes(state) ? new Date(now).toISOString() : null;
  const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
  const results = await database.batch([
    ...writes,
    database
      .prepare(
        `UPDATE jobs SET step = step + 1, cursor = ?, state = ?, planned = MAX(planned, ?),
           files = COALESCE(?, files), chunks = COALESCE(?, chunks), rows = COALESCE(?, rows),
           summary = ?, error = ?, ended = ?, due = ?, sweeps = 0, ${ADD_USAGE}
         WHERE id = ? AND step = ? AND state = ?`,
      )
      .bind(
        JSON.stringify(cursor),
        state,
        job.state === 'planning' && state === 'running' ? 1 : 0,
        files ?? null,
        chunks ?? null,
        rows ?? null,
        json(summary),
        json(error),
        ended,
        now + LEASE_MS,
        ...usageValues(usage),
        ...stepValues(job),
      ),
    beginAssembling(database, job.id),
  ]);
  const advanced = results[writes.length].meta.changes > 0;
  return advanced ? (begunStep(results[writes.length + 1]) ?? job.step + 1) : undefined;
}
