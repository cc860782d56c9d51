// A delivery from the queue: what it asks for, and what becomes of it when it fails.
import { failureOf, isPoison, silentFailure } from './failure.ts';
import type { ChunkWork, Failure } from './job.ts';
import { type JobContext, nowOf } from './job-context.ts';
import { type JobMessage, sendMessages } from './job-message.ts';
import { OPERATIONS_PER_MESSAGE } from './price.ts';
import { CPU_MICROS, PROFILES } from './profile.ts';
import { runChunk } from './run-chunk.ts';
import { failJob, runStep } from './run-step.ts';
import { beginAssembling, begunStep } from './store/advance-step.ts';
import { createChunkStore, type Settled } from './store/chunk-store.ts';
import { createJobStore } from './store/job-store.ts';

type ChunkMessage = Extract<JobMessage, { readonly chunk: number }>;

const chunksOf = (context: JobContext) =>
  createChunkStore(context.env.REGISTRY, () => nowOf(context));

async function afterChunk({ env }: JobContext, job: string, settled: Settled | undefined) {
  if (settled?.assemble !== undefined)
    await sendMessages(env.JOBS, [{ job, step: settled.assemble }]);
}

/** Sets a chunk aside with the reason; the rest of the job goes on. */
async function buryChunk(
  context: JobContext,
  at: ChunkMessage,
  reason: (work: ChunkWork) => Failure,
): Promise<void> {
  const chunks = chunksOf(context);
  const work = await chunks.find(at.job, at.chunk);
  if (work === undefined) return;
  const settled = await chunks.settle(
    work,
    { state: 'dead', error: reason(work) },
    {
      invocations: 1,
      queueOperations: OPERATIONS_PER_MESSAGE,
      classA: 0,
      classB: 1,
      rowsWritten: 2,
      cpuMicros: CPU_MICROS.invocation,
    },
  );
  await afterChunk(context, at.job, settled);
}

/** Enqueues chunks that are still to do, some at a time: a job may have thousands. */
async function enqueueChunks(
  context: JobContext,
  { job, enqueue }: { job: string; enqueue: number },
) {
  const { env } = context;
  const { chunksPerStep } = PROFILES.free;
  const pending = await chunksOf(context).pending(job, enqueue, chunksPerStep);
  const messages: JobMessage[] = pending.map((chunk) => ({ job, chunk }));
  const last = pending.at(-1);
  if (last !== undefined && pending.length === chunksPerStep) {
    messages.push({ job, enqueue: last + 1 });
  }
  if (pending.length === 0 && enqueue === 0) {
    const [begun] = await env.REGISTRY.batch([beginAssembling(env.REGISTRY, job)]);
    const step = begunStep(begun);
    if (step !== undefined) messages.push({ job, step });
  }
  await sendMessages(env.JOBS, messages);
}

/**
 * Does what a message asks for. Input that cannot be read ends its chunk, or its job, at once: it
 * stays as it is however often it is read.
 *
 * @throws whatever may go better at the next delivery.
 */
export async function handleMessage(context: JobContext, message: JobMessage): Promise<void> {
  if ('step' in message) return runStep(context, message);
  if ('enqueue' in message) return enqueueChunks(context, message);
  try {
    await afterChunk(context, message.job, await runChunk(context, message));
  } catch (error) {
    if (!isPoison(error)) {
      await chunksOf(context).note(message.job, message.chunk, failureOf(error));
      throw error;
    }
    await buryChunk(context, message, (work) => failureOf(error, work));
  }
}

/** A message that was delivered as often as the queue allows: its chunk or job ends with the reason. */
export async function handleDeadMessage(
  context: JobContext,
  message: JobMessage,
  attempts: number,
): Promise<void> {
  const { REGISTRY: database } = context.env;
  // The next sweep enqueues again.
  if ('enqueue' in message) return;
  if ('step' in message) {
    const job = await createJobStore(database).find(message.job);
    if (job === undefined || job.step !== message.step || job.state === 'cancelled') return;
    return failJob(context, job, new Error(silentFailure(attempts).message));
  }
  const noted = await database
    .prepare("SELECT error FROM job_chunks WHERE job = ? AND chunk = ? AND state = 'pending'")
    .bind(message.job, message.chunk)
    .first<string>('error');
  await buryChunk(context, message, ({ source }) => ({
    ...(noted === null ? silentFailure(attempts) : JSON.parse(noted)),
    file: source.name,
  }));
}
