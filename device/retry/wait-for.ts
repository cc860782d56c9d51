// A delay that an AbortSignal ends.
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `ms`. @throws the signal's abort error. */
export async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
