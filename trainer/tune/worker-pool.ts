// Worker processes side by side. A job whose process dies is tried once more in a new one.
import { once } from 'node:events';
import { type ForkedWorker, forkWorker } from '../process/fork-worker.ts';
import type { Job, JobResult, ToWorker, WorkerSetup } from './worker-messages.ts';

export interface WorkerPoolOptions {
  /** Processes. */
  readonly workers: number;
  readonly setup: WorkerSetup;
  readonly signal?: AbortSignal | undefined;
}

export interface JobEvents {
  onStart?(job: Job): void;
  /** Awaited before the worker takes its next job. */
  onResult(job: Job, result: JobResult): Promise<void>;
}

export interface WorkerPool extends AsyncDisposable {
  /**
   * Runs all jobs, beginning in their order.
   *
   * @throws the signal's reason when aborted.
   */
  run(jobs: readonly Job[], events: JobEvents): Promise<void>;
  /** The processes that run now. */
  pids(): readonly number[];
}

/** A trial that ended two processes would end a third. */
const ATTEMPTS = 2;
const PROGRAM = new URL('worker.ts', import.meta.url);

function startWorker(setup: WorkerSetup): ForkedWorker {
  const worker = forkWorker(PROGRAM);
  worker.child.send({ kind: 'setup', setup } satisfies ToWorker, () => {});
  return worker;
}

/** The answer, or how the process ended instead. */
async function ask({ child }: ForkedWorker, job: Job, signal: AbortSignal) {
  // One that ended between two jobs has said so already, to nobody.
  const gone = child.signalCode ?? child.exitCode;
  if (gone !== null) return { ended: typeof gone === 'string' ? gone : `exit code ${gone}` };
  const over = new AbortController();
  const either = AbortSignal.any([over.signal, signal]);
  const answered = once(child, 'message', { signal: either }).then(([result]) => ({
    result: result as JobResult,
  }));
  const ended = once(child, 'close', { signal: either }).then(([code, by]) => ({
    ended: String(by ?? `exit code ${code}`),
  }));
  // The one that loses is aborted below.
  answered.catch(() => {});
  ended.catch(() => {});
  // A process that cannot take the job has ended, and says so itself.
  child.send({ kind: 'job', job } satisfies ToWorker, () => {});
  try {
    return await Promise.race([answered, ended]);
  } finally {
    over.abort();
  }
}

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { workers, setup } = options;
  const stopped = new AbortController();
  const signal = options.signal
    ? AbortSignal.any([options.signal, stopped.signal])
    : stopped.signal;
  const pool: (ForkedWorker | undefined)[] = Array.from({ length: workers });

  async function attempt(slot: number, job: Job): Promise<JobResult> {
    const started = performance.now();
    let message = '';
    for (let tried = 0; tried < ATTEMPTS; tried++) {
      signal.throwIfAborted();
      const worker = pool[slot] ?? startWorker(setup);
      pool[slot] = worker;
      const outcome = await ask(worker, job, signal).catch((error: Error) => {
        signal.throwIfAborted();
        return { ended: error.message };
      });
      if ('result' in outcome) return outcome.result;
      pool[slot] = undefined;
      message = `the process ended (${outcome.ended}) ${worker.tail()}`.trim();
    }
    const seconds = (performance.now() - started) / 1000;
    return { kind: 'failed', code: 'worker-crashed', message, seconds };
  }

  return {
    async run(jobs, { onStart, onResult }) {
      const waiting = jobs.values();
      const work = async (_: unknown, slot: number) => {
        for (const job of waiting) {
          onStart?.(job);
          await onResult(job, await attempt(slot, job));
        }
      };
      await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work));
    },
    pids: () => pool.flatMap((worker) => worker?.child.pid ?? []),
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await Promise.all(
        pool.map(async (worker) => {
          if (!worker || worker.child.exitCode !== null || worker.child.signalCode !== null) return;
          const gone = once(worker.child, 'exit');
          // Workers keep nothing that a later run needs: files are replaced as a whole.
          worker.child.kill('SIGKILL');
          await gone;
        }),
      );
    },
  };
}
