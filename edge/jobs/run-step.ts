// One step of a job's serial phases, and the messages that come after it.

import type { AssembleCursor } from './assemble/cursor.ts';
import { finishStep } from './assemble/finish-step.ts';
import { footerStep } from './assemble/footer-step.ts';
import { uploadStep } from './assemble/upload-step.ts';
import { cleanCancelled } from './clean-cancelled.ts';
import { failureOf, isPoison } from './failure.ts';
import { type JobRow, resultFormats } from './job.ts';
import { type JobContext, nowOf } from './job-context.ts';
import { type JobMessage, sendMessages } from './job-message.ts';
import { type CutCursor, cutStep } from './plan/cut-step.ts';
import { type ListCursor, listStep } from './plan/list-step.ts';
import { OPERATIONS_PER_MESSAGE } from './price.ts';
import { CPU_MICROS } from './profile.ts';
import { advanceStep } from './store/advance-step.ts';
import { createJobStore } from './store/job-store.ts';

const nextStep = (job: JobRow, step: number | undefined): JobMessage[] =>
  step === undefined ? [] : [{ job: job.id, step }];

async function plan(context: JobContext, job: JobRow): Promise<JobMessage[]> {
  const cursor = JSON.parse(job.cursor) as ListCursor | CutCursor;
  if (cursor.phase === 'list') return nextStep(job, await listStep(context, job, cursor));
  const cut = await cutStep(context, job, cursor);
  if (cut === undefined) return [];
  const chunks = cut.chunks.map((chunk) => ({ job: job.id, chunk }));
  return [...nextStep(job, cut.step), ...chunks];
}

async function assemble(context: JobContext, job: JobRow): Promise<JobMessage[]> {
  const cursor = JSON.parse(job.cursor) as AssembleCursor;
  const format = resultFormats(job.results)[cursor.result];
  if (format === undefined) return nextStep(job, await finishStep(context, job, cursor));
  const footer = format === 'parquet' && cursor.footer !== 'whole';
  const step = footer
    ? await footerStep(context, job, cursor)
    : await uploadStep(context, job, { cursor, format });
  return nextStep(job, step);
}

/** Ends a job whose input cannot be planned, or whose results cannot be put together. */
export async function failJob(context: JobContext, job: JobRow, error: unknown): Promise<void> {
  await advanceStep({
    database: context.env.REGISTRY,
    job,
    now: nowOf(context),
    outcome: {
      state: 'failed',
      cursor: JSON.parse(job.cursor),
      error: failureOf(error),
      usage: {
        invocations: 1,
        queueOperations: OPERATIONS_PER_MESSAGE,
        classA: 0,
        classB: 0,
        rowsWritten: 1,
        cpuMicros: CPU_MICROS.invocation,
      },
    },
  });
}

/** Runs a step that the job is still at; any other is a repetition, and nothing is done. */
export async function runStep(
  context: JobContext,
  at: { readonly job: string; readonly step: number },
): Promise<void> {
  const { env } = context;
  const job = await createJobStore(env.REGISTRY).find(at.job);
  if (job === undefined || job.step !== at.step) return;
  if (job.state === 'cancelled') return cleanCancelled(context, job);
  let messages: JobMessage[] = [];
  try {
    if (job.state === 'planning') messages = await plan(context, job);
    else if (job.state === 'assembling') messages = await assemble(context, job);
  } catch (error) {
    if (!isPoison(error)) throw error;
    return failJob(context, job, error);
  }
  await sendMessages(env.JOBS, messages);
}
