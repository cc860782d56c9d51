// Lets a repeating event through once per interval and counts the rest, so that a
// flood of bad messages fills neither the log nor the alert topic.

/** Kinds of event told apart; beyond it new kinds share one slot, so memory stays bounded. */
export const MAX_KINDS = 1000;

export interface RateLimitOptions {
  readonly intervalMs: number;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/**
 * @returns a function that, given a kind of event, returns the number of cases since
 * it last let one through (this one included), or 0 when this one is to be swallowed.
 */
export function createRateLimit(options: RateLimitOptions): (kind: string) => number {
  const { intervalMs, now = Date.now } = options;
  const kinds = new Map<string, { openAt: number; count: number }>();
  return function admit(kind) {
    const key = kinds.has(kind) || kinds.size < MAX_KINDS ? kind : '';
    const state = kinds.get(key) ?? { openAt: Number.NEGATIVE_INFINITY, count: 0 };
    kinds.set(key, state);
    state.count++;
    const time = now();
    if (time < state.openAt) return 0;
    const { count } = state;
    state.count = 0;
    state.openAt = time + intervalMs;
    return count;
  };
}
