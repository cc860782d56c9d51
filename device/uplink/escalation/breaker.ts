// Circuit breaker: when to ask the edge, when only to try it, when to leave it alone.
import type { Backoff } from '../../retry/index.ts';

/** Longest Retry-After obeyed: the edge may be back sooner than a confused proxy says. */
const MAX_RETRY_AFTER_MS = 10 * 60_000;

export type BreakerState =
  /** The edge answers. After a failure it is asked again at `retryAt`. */
  | { readonly kind: 'closed'; readonly failures: number; readonly retryAt: number }
  /** The edge does not answer and is left alone until `retryAt`. */
  | { readonly kind: 'open'; readonly retryAt: number }
  /** One small request tells whether it answers again. */
  | { readonly kind: 'half-open' };

export interface BreakerOptions {
  /** Failures in a row that open it. @default {3} */
  readonly failures?: number | undefined;
  /** Requests that the share of failures is taken over. @default {20} */
  readonly windowRequests?: number | undefined;
  /** Share of failures among them that opens it. @default {0.5} */
  readonly failureShare?: number | undefined;
}

export interface BreakerParts extends BreakerOptions {
  /** Delays until the next try. */
  readonly backoff: Backoff;
  /** Milliseconds of a clock that nobody sets. */
  readonly clock: () => number;
}

export interface Breaker {
  readonly state: BreakerState;
  /** Milliseconds until a request may leave. 0: now. Infinity: a probe is on its way. */
  readonly waitMs: number;
  /** True: a request that leaves now is a probe. */
  readonly probing: boolean;
  /** A request leaves; `waitMs` is 0. */
  begin(): void;
  /** The edge has judged the rows, whatever it said of them. */
  succeed(): void;
  /** `fatal`: only a person can help, so that one failure is enough. */
  fail(options: { readonly retryAfterMs: number; readonly fatal: boolean }): void;
  /** The edge works but wants fewer requests: no failure, but a pause. */
  throttle(retryAfterMs: number): void;
  /** The request ended without an outcome. */
  abandon(): void;
}

/** A closed breaker. */
export function createBreaker(options: BreakerParts): Breaker {
  const { failures: limit = 3, windowRequests = 20, failureShare = 0.5, backoff, clock } = options;
  let state: BreakerState = { kind: 'closed', failures: 0, retryAt: 0 };
  let recent: boolean[] = [];

  function note(failed: boolean): boolean {
    recent = [...recent.slice(1 - windowRequests), failed];
    const share = recent.filter(Boolean).length / windowRequests;
    return recent.length === windowRequests && share >= failureShare;
  }

  const pause = (retryAfterMs: number) =>
    clock() + Math.max(backoff.next(), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));

  function open(retryAt: number): void {
    state = { kind: 'open', retryAt };
    recent = [];
  }

  return {
    get state() {
      return state;
    },
    get waitMs() {
      if (state.kind === 'half-open') return Number.POSITIVE_INFINITY;
      return Math.max(0, state.retryAt - clock());
    },
    get probing() {
      return state.kind !== 'closed';
    },
    begin() {
      if (state.kind === 'open') state = { kind: 'half-open' };
    },
    succeed() {
      note(false);
      backoff.reset();
      state = { kind: 'closed', failures: 0, retryAt: 0 };
    },
    fail({ retryAfterMs, fatal }) {
      const retryAt = pause(retryAfterMs);
      if (state.kind !== 'closed') return open(retryAt);
      const failures = state.failures + 1;
      const often = note(true);
      if (fatal || often || failures >= limit) open(retryAt);
      else state = { kind: 'closed', failures, retryAt };
    },
    throttle(retryAfterMs) {
      const retryAt = pause(retryAfterMs);
      state = state.kind === 'closed' ? { ...state, retryAt } : { kind: 'open', retryAt };
    },
    abandon() {
      if (state.kind === 'half-open') state = { kind: 'open', retryAt: clock() };
    },
  };
}
