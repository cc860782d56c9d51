// How long to wait before the next try at something remote.

export interface BackoffOptions {
  /** Ceiling of the first delay, milliseconds. */
  readonly minMs: number;
  /** Ceiling of every later delay, milliseconds. */
  readonly maxMs: number;
  /** Uniform in [0, 1). @default {Math.random} */
  readonly random?: () => number;
}

export interface Backoff {
  /** The next delay in milliseconds; its ceiling doubles each time. */
  next(): number;
  /** Back to `minMs`, after a success. */
  reset(): void;
  /** Another one of the same kind, at `minMs`. */
  fork(): Backoff;
}

/**
 * Exponential backoff with equal jitter: half of the delay is fixed, half is random, so
 * that the gateways of a plant do not come back together after an outage and none
 * hammers (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
 */
export function createBackoff(options: BackoffOptions): Backoff {
  const { minMs, maxMs, random = Math.random } = options;
  let ceiling = minMs;
  return {
    next() {
      const delay = (ceiling / 2) * (1 + random());
      ceiling = Math.min(maxMs, ceiling * 2);
      return delay;
    },
    reset() {
      ceiling = minMs;
    },
    fork: () => createBackoff(options),
  };
}
