// Waits in a test for what another process does, with a deadline instead of a fixed sleep.
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** @throws {Error} when `condition` does not hold within the deadline. */
export async function poll(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 20_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await delay(POLL_MS);
  }
}
