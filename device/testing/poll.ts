// Waits for a condition instead of sleeping for a guess.
import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for a loaded two-core machine, short enough to fail before the test's own limit. */
const DEADLINE_MS = 20_000;
const INTERVAL_MS = 10;

/**
 * Resolves with the first value of `probe` that is neither `undefined` nor false.
 *
 * @throws {Error} naming `what` when the deadline passes.
 */
export async function poll<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${DEADLINE_MS} ms in vain for ${what}`);
    await delay(INTERVAL_MS);
  }
}
