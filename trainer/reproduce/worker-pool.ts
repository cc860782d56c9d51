// Runs tasks in processes of their own, several at a time: a crash, or a set too large
// for the memory, costs one cell and not the table.
import { type ForkedWorker, forkWorker } from '../process/fork-worker.ts';
import type { Failure, Reply, Task } from './messages.ts';

const PROGRAM = new URL('worker.ts', import.meta.url);

export interface RunTasksOptions {
  readonly workers: number;
  /** The next task for a free worker; `undefined` when nothing is left. */
  next(): Task | undefined;
  onReply(task: Task, reply: Reply): void | Promise<void>;
  /** A worker ended in the middle of a task; what is left of it may be offered again by `next`. */
  onCrash(task: Task, failure: Failure): void;
  readonly signal?: AbortSignal | undefined;
}

interface Worker extends ForkedWorker {
  /** Path of the graph it holds. */
  readonly path: string;
}

const startWorker = (path: string): Worker => ({ ...forkWorker(PROGRAM), path });

/** One task in one worker. @returns the failure when the process ended before the task did. */
function perform(
  worker: Worker,
  task: Task,
  onReply: RunTasksOptions['onReply'],
): Promise<Failure | undefined> {
  const { child } = worker;
  return new Promise((resolve, reject) => {
    let handled = Promise.resolve();
    function settle(finish: () => void) {
      child.off('message', take).off('exit', ended).off('error', failed);
      handled.then(finish, reject);
    }
    function take(message: unknown) {
      const reply = message as Reply;
      // In their order: a cell is on disk before the next word about it.
      handled = handled.then(() => onReply(task, reply));
      if (reply.kind === 'done') settle(() => resolve(undefined));
    }
    function ended(code: number | null, signal: string | null) {
      const how = signal ?? `exit code ${code}`;
      const message = `A worker process ended (${how}). ${worker.tail()}`.trim();
      settle(() => resolve({ code: 'worker-ended', message }));
    }
    const failed = (error: Error) => settle(() => reject(error));
    child.on('message', take).on('exit', ended).on('error', failed);
    child.send(task, (error) => {
      if (!error) return;
      // A worker that ended between two tasks has said so already, to nobody.
      if (child.exitCode === null && child.signalCode === null) failed(error);
      else ended(child.exitCode, child.signalCode);
    });
  });
}

/**
 * Works through the tasks. A worker serves tasks of one graph; another graph gets a new
 * process, so that no memory is left from the old one.
 *
 * @throws the signal's reason when aborted; the workers are gone then.
 */
export async function runTasks(options: RunTasksOptions): Promise<void> {
  const { workers, next, onReply, onCrash, signal } = options;
  const running = new Set<Worker>();
  const stopped = Promise.withResolvers<never>();
  // Only awaited below while tasks run; an abort between them must not count as unhandled.
  stopped.promise.catch(() => {});
  const abort = () => stopped.reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();

  function stop(worker: Worker | undefined): void {
    if (!worker) return;
    running.delete(worker);
    // Files are replaced atomically, so nothing is lost by a sudden end.
    worker.child.kill('SIGKILL');
  }

  async function serve(): Promise<void> {
    let worker: Worker | undefined;
    try {
      for (let task = next(); task && !signal?.aborted; task = next()) {
        if (worker?.path !== task.path) {
          stop(worker);
          worker = startWorker(task.path);
          running.add(worker);
        }
        const crash = await Promise.race([perform(worker, task, onReply), stopped.promise]);
        if (crash) {
          stop(worker);
          worker = undefined;
          onCrash(task, crash);
        }
      }
    } finally {
      stop(worker);
    }
  }

  try {
    await Promise.all(Array.from({ length: workers }, serve));
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', abort);
    for (const worker of running) stop(worker);
  }
}
