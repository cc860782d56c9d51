// How often a key may ask. Counted in the isolate, which costs a request nothing; the platform's own
// limiter is a call out of it, a millisecond on a local runtime.

/** Requests of one key in a period: 2,000 a second. A gateway sends a few, with many rows each. */
export const MAX_REQUESTS = 20_000;

/** Milliseconds; a client that is refused need not wait longer. */
export const PERIOD_MS = 10_000;

export interface RateLimit {
  /** Counts a request of key `id`; false where those of this period are spent. */
  admits(id: string): boolean;
}

export interface RateLimitOptions {
  /** @default {MAX_REQUESTS} */
  readonly requests?: number;
  /** Milliseconds. @default {Date.now} */
  readonly now?: () => number;
}

/**
 * A limit for one isolate: all periods begin together, so that counts are let go at once and a key
 * may have twice its requests around the turn.
 */
export function createRateLimit(options: RateLimitOptions = {}): RateLimit {
  const { requests = MAX_REQUESTS, now = Date.now } = options;
  const counts = new Map<string, number>();
  let period = 0;
  return {
    admits(id) {
      const current = Math.floor(now() / PERIOD_MS);
      if (current !== period) {
        period = current;
        counts.clear();
      }
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      return count <= requests;
    },
  };
}
