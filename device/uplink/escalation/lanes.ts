// One lane per bundle: its own breaker and one request at a time, so that a model whose rows
// the edge cannot answer holds up nobody else's.

import type { Logger } from '../../log/index.ts';
import type { Backoff } from '../../retry/index.ts';
import { type Breaker, type BreakerOptions, createBreaker } from './breaker.ts';
import type { EscalationOutcome } from './edge-link.ts';

export interface Lane {
  readonly bundle: string;
  readonly breaker: Breaker;
  /** A request is in flight. */
  busy: boolean;
  /** Most rows per request; less than configured where the edge found a request too large. */
  limit: number;
}

export interface LanesOptions {
  readonly log: Logger;
  readonly backoff: Backoff;
  readonly breaker?: BreakerOptions;
  readonly clock: () => number;
  /** Most rows per request. */
  readonly limit: number;
}

export interface Lanes {
  /** Bundles whose breaker is not closed now. */
  readonly open: number;
  /** Times that a breaker opened. */
  readonly openings: number;
  /** The lane of a bundle, made where there is none. */
  of(bundle: string): Lane;
  /** All lanes, the one that was served longest ago first. */
  inTurn(): Lane[];
  /** The lane goes to the end of the queue. */
  serve(lane: Lane): void;
  /** No rows wait for this bundle any more. */
  close(lane: Lane): void;
  /** Tells the breaker and, where it opens or closes, the log. */
  note(lane: Lane, outcome: EscalationOutcome, pending: number): void;
}

export function createLanes(options: LanesOptions): Lanes {
  const { log, backoff, breaker: breakerOptions, clock, limit } = options;
  // A Map keeps the order of insertion: served lanes are inserted anew.
  const lanes = new Map<string, Lane>();
  let openings = 0;

  function tell({ breaker }: Lane, outcome: EscalationOutcome): void {
    if (outcome.kind === 'answered' || outcome.kind === 'refused') breaker.succeed();
    else if (outcome.status === 429) breaker.throttle(outcome.retryAfterMs);
    else breaker.fail({ ...outcome, fatal: outcome.kind === 'unauthorised' });
  }

  return {
    get open() {
      return [...lanes.values()].filter(({ breaker }) => breaker.probing).length;
    },
    get openings() {
      return openings;
    },
    of(bundle) {
      const known = lanes.get(bundle);
      if (known !== undefined) return known;
      const breaker = createBreaker({ ...breakerOptions, backoff: backoff.fork(), clock });
      const lane = { bundle, breaker, busy: false, limit };
      lanes.set(bundle, lane);
      return lane;
    },
    inTurn: () => [...lanes.values()],
    serve(lane) {
      lanes.delete(lane.bundle);
      lanes.set(lane.bundle, lane);
    },
    close: (lane) => lanes.delete(lane.bundle),
    note(lane, outcome, pending) {
      const before = lane.breaker.state.kind;
      tell(lane, outcome);
      const { state } = lane.breaker;
      const bundle = lane.bundle.slice(0, 12);
      if (state.kind === 'closed' && before !== 'closed') {
        log.info('edge-up', { bundle, breaker: state.kind, pending });
      }
      if (outcome.kind === 'answered' || outcome.kind === 'refused') return;
      const opens = before === 'closed' && state.kind === 'open';
      if (opens) openings++;
      log[opens ? 'warn' : 'debug'](opens ? 'edge-down' : 'edge-try-failed', {
        bundle,
        breaker: state.kind,
        reason: outcome.reason,
        retryInMs: Math.round(lane.breaker.waitMs),
        pending,
      });
    },
  };
}
