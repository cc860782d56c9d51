// Waits for a condition of another process, without hanging for ever.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProcess } from './guarded-process.ts';
import { ProcessFailure } from './process-failure.ts';

const POLL_MS = 100;

export interface WaitOptions {
  /** What is waited for, in words. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Its end before the condition holds is the answer. */
  readonly process?: RunningProcess;
}

/**
 * Polls until `condition` holds.
 *
 * @throws {ProcessFailure} with the process's last output when it ends or the time is over;
 * the signal's reason when aborted.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { what, timeoutMs, signal, process }: WaitOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    signal.throwIfAborted();
    const { exitCode = null, signalCode = null } = process?.child ?? {};
    const ended = exitCode !== null || signalCode !== null;
    if (ended || performance.now() > deadline) {
      const why = ended ? 'it ended' : `no sign of it within ${timeoutMs / 1000} s`;
      throw new ProcessFailure(`${what} did not come up: ${why}`, process?.tail() ?? '');
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
