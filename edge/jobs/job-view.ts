// A job as the HTTP interface shows it.

import type { JobSummary } from './assemble/job-summary.ts';
import type { Failure, JobRow } from './job.ts';
import { resultFile, resultFormats } from './job.ts';
import { priceOf } from './price.ts';

const parsed = <T>(text: string | null) => (text === null ? null : (JSON.parse(text) as T));

const hasResults = ({ state }: JobRow) =>
  state === 'finished' || state === 'finished-with-failures';

export function jobView(job: JobRow) {
  const { id, state, model, bundle, policy, input, profile, created, ended } = job;
  return {
    id,
    state,
    model,
    bundle,
    policy,
    maxStage: job.max_stage,
    input,
    profile,
    created,
    ended,
    progress: {
      planned: job.planned === 1,
      files: job.files,
      rows: job.rows,
      rowsDone: job.rows_done,
      chunks: job.chunks,
      chunksDone: job.chunks_done,
      chunksFailed: job.chunks_dead,
    },
    price: priceOf(job),
    error: parsed<Failure>(job.error),
    summary: parsed<JobSummary>(job.summary),
    results: hasResults(job) ? [...resultFormats(job.results).map(resultFile), 'summary.json'] : [],
  };
}

export function jobDetail(
  job: JobRow,
  failures: readonly { readonly chunk: number; readonly rows: number; readonly error: Failure }[],
) {
  return {
    ...jobView(job),
    operations: {
      invocations: job.invocations,
      queueOperations: job.queue_operations,
      classA: job.class_a,
      classB: job.class_b,
      rowsWritten: job.rows_written,
      cpuMs: Math.round(job.cpu_micros) / 1000,
    },
    failures: [...failures],
  };
}
