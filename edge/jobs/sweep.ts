// What makes up for lost messages: jobs that have been silent for a lease are enqueued again.
import { ACTIVE_STATES, type JobRow } from './job.ts';
import { type JobContext, LEASE_MS, nowOf } from './job-context.ts';
import { type JobMessage, sendMessages } from './job-message.ts';

/** Jobs of one sweep; the next comes minutes later. */
const JOBS_PER_SWEEP = 50;

/** Leases double while nothing moves, up to five hours: a queue with a long backlog is not flooded. */
const MAX_DOUBLINGS = 6;

/** Messages that set an active job going again, whatever was lost. */
export function restartMessages({
  id,
  state,
  step,
}: Pick<JobRow, 'id' | 'state' | 'step'>): JobMessage[] {
  if (state === 'planning')
    return [
      { job: id, step },
      { job: id, enqueue: 0 },
    ];
  return state === 'running' ? [{ job: id, enqueue: 0 }] : [{ job: id, step }];
}

/** @returns how many jobs were set going again. */
export async function sweepJobs(context: JobContext): Promise<number> {
  const { REGISTRY: database, JOBS: queue } = context.env;
  const now = nowOf(context);
  // One statement finds and marks them, so that two sweeps at once do not both send.
  const { results } = await database
    .prepare(
      `UPDATE jobs SET sweeps = sweeps + 1, due = ?1 + ?2 * (1 << MIN(sweeps + 1, ?3))
       WHERE id IN (SELECT id FROM jobs WHERE state IN ${ACTIVE_STATES} AND due < ?1 LIMIT ?4)
         AND due < ?1
       RETURNING id, state, step`,
    )
    .bind(now, LEASE_MS, MAX_DOUBLINGS, JOBS_PER_SWEEP)
    .all<JobRow>();
  await sendMessages(queue, results.flatMap(restartMessages));
  return results.length;
}
