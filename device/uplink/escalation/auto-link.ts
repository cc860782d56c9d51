// HTTPS where it works, the bridge where only the broker is in reach, and back again without
// flapping: what just failed has to prove itself for longer every time.
import type { Logger } from '../../log/index.ts';
import type { EdgeLink, EscalationBatch, EscalationOutcome } from './edge-link.ts';

/** Requests in a row that reach nobody before the other way is taken. */
const UNREACHED_LIMIT = 2;

/** Good checks in a row before HTTPS is taken again, and the time between two of them. */
const CHECKS = 3;
const CHECK_INTERVAL_MS = 10_000;

/** First and longest time on the bridge before HTTPS is checked at all. */
const MIN_HOLD_MS = 30_000;
const MAX_HOLD_MS = 60 * 60_000;

/** HTTPS that fails again so soon after it was taken was not back. */
const FLAP_MS = 10 * 60_000;

export type AutoState =
  | { readonly kind: 'https'; readonly unreached: number }
  | {
      readonly kind: 'mqtt';
      readonly unreached: number;
      readonly checkAt: number;
      readonly goodChecks: number;
    };

export interface AutoLinkOptions {
  readonly https: EdgeLink;
  readonly mqtt: EdgeLink;
  /** A bridge is there that serves this gateway. */
  readonly bridged: () => boolean;
  /** Whether the edge answers over HTTPS; no key and no rows are needed for it. Never throws. */
  readonly check: () => Promise<boolean>;
  readonly log: Logger;
  /** Milliseconds of a clock that nobody sets. @default {performance.now} */
  readonly clock?: () => number;
}

export interface AutoLink extends EdgeLink {
  readonly via: 'https' | 'mqtt';
  /** Times that the other way was taken. */
  readonly switches: number;
}

/** Nobody answered at all; an edge that says no, or later, is in reach. */
const reachedNobody = (outcome: EscalationOutcome) =>
  outcome.kind === 'unavailable' && outcome.status === undefined;

/** A link that starts with HTTPS. */
export function createAutoLink(options: AutoLinkOptions): AutoLink {
  const { https, mqtt, bridged, check, log, clock = () => performance.now() } = options;
  let state: AutoState = { kind: 'https', unreached: 0 };
  let holdMs = MIN_HOLD_MS;
  let httpsSince = Number.NEGATIVE_INFINITY;
  let switches = 0;
  let checking = false;

  function toMqtt(reason: string): void {
    holdMs = clock() - httpsSince < FLAP_MS ? Math.min(MAX_HOLD_MS, holdMs * 2) : MIN_HOLD_MS;
    state = { kind: 'mqtt', unreached: 0, checkAt: clock() + holdMs, goodChecks: 0 };
    switches++;
    log.warn('edge-via-bridge', { reason, httpsNotBeforeMs: holdMs });
  }

  function toHttps(reason: string): void {
    state = { kind: 'https', unreached: 0 };
    httpsSince = clock();
    switches++;
    log.info('edge-via-https', { reason });
  }

  /** Looks at HTTPS beside the request, so that no row waits for a check. */
  async function look(): Promise<void> {
    if (state.kind !== 'mqtt' || checking || clock() < state.checkAt) return;
    checking = true;
    const good = await check();
    checking = false;
    if (state.kind !== 'mqtt') return;
    const goodChecks = good ? state.goodChecks + 1 : 0;
    state = { ...state, goodChecks, checkAt: clock() + CHECK_INTERVAL_MS };
    if (goodChecks >= CHECKS) toHttps('answers again');
  }

  async function overHttps(batch: EscalationBatch, signal: AbortSignal) {
    const outcome = await https.escalate(batch, signal);
    if (state.kind !== 'https') return outcome;
    const unreached = reachedNobody(outcome) ? state.unreached + 1 : 0;
    state = { kind: 'https', unreached };
    if (unreached < UNREACHED_LIMIT || !bridged()) return outcome;
    toMqtt('reason' in outcome ? outcome.reason : '');
    return addTraffic(outcome, await mqtt.escalate(batch, signal));
  }

  async function overMqtt(batch: EscalationBatch, signal: AbortSignal) {
    void look();
    const outcome = await mqtt.escalate(batch, signal);
    if (state.kind !== 'mqtt') return outcome;
    const unreached = reachedNobody(outcome) ? state.unreached + 1 : 0;
    state = { ...state, unreached };
    if (unreached < UNREACHED_LIMIT) return outcome;
    toHttps('the bridge does not answer');
    return outcome;
  }

  return {
    get via() {
      return state.kind;
    },
    get switches() {
      return switches;
    },
    escalate: (batch, signal) =>
      state.kind === 'https' ? overHttps(batch, signal) : overMqtt(batch, signal),
  };
}

/** Both tries went over the link that somebody pays for. */
function addTraffic(first: EscalationOutcome, second: EscalationOutcome): EscalationOutcome {
  const bytesUp = first.bytesUp + second.bytesUp;
  return { ...second, bytesUp, bytesDown: first.bytesDown + second.bytesDown };
}
