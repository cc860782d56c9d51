// Starts a worker and returns what it measured.
import { fileURLToPath } from 'node:url';
import { runToEnd } from '../../../trainer/process/guarded-process.ts';

export interface WorkerOptions {
  /** File beside this one, e.g. `train-graph.ts`. */
  readonly program: string;
  readonly task: unknown;
  readonly signal: AbortSignal;
}

/** @throws {ProcessFailure} with the worker's last output; the signal's reason when aborted. */
export async function runWorker<T>({ program, task, signal }: WorkerOptions): Promise<T> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const args = [path, JSON.stringify(task)];
  const output = await runToEnd({ name: program, command: process.execPath, args }, signal);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}
