// Work beside an answer, which the platform lets end after it.
import type { Context } from 'hono';
import type { EdgeEnv } from '../env.ts';
import type { Beside } from './brief-cache.ts';

/** `waitUntil` of a request; `undefined` where it came without, as none from the network does. */
export function besideOf(c: Context<EdgeEnv>): Beside | undefined {
  try {
    const { executionCtx } = c;
    return (work) => executionCtx.waitUntil(work);
  } catch {
    return undefined;
  }
}
