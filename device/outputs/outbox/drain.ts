// Brings what waits in the outbox to its receiver: by priority, oldest first, at a measured pace, and
// never in the way of live traffic. A message leaves the disk only once its receiver has acknowledged it.
import { performance } from 'node:perf_hooks';
import type { Logger } from '../../log/index.ts';
import { type Backoff, waitFor, withSignal } from '../../retry/index.ts';
import type { CarriedClass, Message } from './message.ts';
import type { Messages } from './messages.ts';
import { createSettlement, SETTLE_ROWS } from './settlement.ts';
import { createTokenBucket } from './token-bucket.ts';

/** While live messages are under way the drain looks again this soon. */
const LIVE_PAUSE_MS = 20;

/** An empty outbox is looked at this often, should nobody call `wake`. */
const IDLE_MS = 1000;

/** Acknowledged messages are sent again after a crash unless written down, at the latest after this. */
const SETTLE_MS = 1000;

/** Messages read at once: one read of the disk for so many sends. */
const READ_ROWS = 64;

/** Longest `retryAfterMs` obeyed: the receiver may be back sooner than a confused proxy says. */
const MAX_RETRY_AFTER_MS = 10 * 60_000;

export type SendOutcome =
  /** PUBACK, or a 2xx of the edge. */
  | { readonly kind: 'acknowledged' }
  /** It will never take this message, whatever is tried: a dead letter. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Not now. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs?: number };

export interface DrainOptions {
  readonly outbox: Pick<Messages, 'takeMessages' | 'acknowledge' | 'refuse'>;
  /** Classes of one receiver; one that is away must not hold up those of another. */
  readonly classes: readonly CarriedClass[];
  /** Sends a message; resolves with what its receiver said. A rejection counts as unavailable. */
  readonly send: (message: Message, signal: AbortSignal) => Promise<SendOutcome>;
  /** True while live messages are under way to the same receiver: nothing is sent then. */
  readonly liveBusy: () => boolean;
  /** Most messages a second. @default {200} */
  readonly ratePerSecond?: number;
  /** Most messages at once after a pause. @default {50} */
  readonly burst?: number;
  /** Most messages without an answer. @default {16} */
  readonly maxInFlight?: number;
  /** Delays between tries while the receiver is away. */
  readonly backoff: Backoff;
  readonly log: Logger;
  /** Monotonic clock, milliseconds. @default {performance.now} */
  readonly now?: () => number;
  /** @default {waitFor} */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Since the start, but for `inFlight`. */
export interface DrainCounters {
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Sends that came to nothing for now. */
  readonly unavailable: number;
  readonly inFlight: number;
}

export interface Drain {
  /** Sends until the signal is aborted, then writes down what was acknowledged. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Tries every message once, unpaced but bounded in flight, as at shutdown: ends with the last,
   * when the receiver is away, or with the signal.
   */
  drainOnce(signal: AbortSignal): Promise<void>;
  /** The receiver is back: looks for work now, whatever delay was under way. */
  wake(): void;
  snapshot(): DrainCounters;
}

/** A drain of some classes. Call one of its two ways at a time. */
export function createDrain(options: DrainOptions): Drain {
  const { outbox, classes, send, liveBusy, backoff, log, wait = waitFor } = options;
  const { ratePerSecond = 200, burst = 50, maxInFlight = 16 } = options;
  const { now = () => performance.now() } = options;
  const bucket = createTokenBucket({ ratePerSecond, burst, now });
  const settlement = createSettlement(outbox, log);
  const inFlight = new Map<number, Promise<void>>();
  const counters = { sent: 0, acknowledged: 0, refused: 0, unavailable: 0 };
  let read: Message[] = [];
  let retryAt = Number.NEGATIVE_INFINITY;
  let settledAt = Number.NEGATIVE_INFINITY;
  let wakeUp = new AbortController();

  function onUnavailable(reason: string, retryAfterMs = 0): void {
    // Messages of one burst fail together; only the first of them lengthens the delay.
    if (now() < retryAt) return;
    const delay = Math.max(backoff.next(), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
    retryAt = now() + delay;
    log.debug('drain-paused', { reason, retryInMs: Math.round(delay) });
  }

  async function sendOne(message: Message, signal: AbortSignal): Promise<void> {
    // Inside a function of its own, so that what throws before it returns a promise counts the same.
    const sending = (async () => send(message, signal))();
    const outcome = await withSignal(sending, signal).catch(
      (error: Error): SendOutcome => ({ kind: 'unavailable', reason: error.message }),
    );
    counters[outcome.kind]++;
    if (outcome.kind === 'unavailable') {
      if (!signal.aborted) onUnavailable(outcome.reason, outcome.retryAfterMs);
      return;
    }
    backoff.reset();
    if (outcome.kind === 'acknowledged') settlement.acknowledge(message);
    else {
      log.error('message-refused', {
        class: message.class,
        id: message.id,
        reason: outcome.reason,
      });
      settlement.refuse(message, outcome.reason);
    }
  }

  function start(message: Message, signal: AbortSignal): void {
    const sending = sendOne(message, signal).finally(() => inFlight.delete(message.seq));
    counters.sent++;
    inFlight.set(message.seq, sending);
  }

  /** The next message by priority, oldest first; read ahead, since reading one costs as much as 64. */
  function next(tried: ReadonlySet<number> = new Set()): Message | undefined {
    if (read.length === 0) {
      const except = new Set([...inFlight.keys(), ...settlement.unwritten, ...tried]);
      try {
        read = outbox.takeMessages({ classes, limit: READ_ROWS, except });
      } catch (error) {
        log.error('outbox-read-failed', { reason: (error as Error).message });
        onUnavailable('the outbox cannot be read');
      }
    }
    return read.shift();
  }

  /** Ends early with `wake`. */
  async function pause(ms: number, signal: AbortSignal): Promise<void> {
    await wait(ms, AbortSignal.any([signal, wakeUp.signal])).catch(() => {});
    if (wakeUp.signal.aborted) wakeUp = new AbortController();
  }

  /** Writes ends down: once a second, and before more than two transactions of them are unwritten. */
  function settle(): void {
    if (settlement.unwritten.size === 0) return;
    const many = settlement.unwritten.size >= 2 * SETTLE_ROWS;
    if (!many && now() < settledAt + SETTLE_MS) return;
    settledAt = now();
    // Without a place to note what was sent, all of it would be sent again.
    if (!settlement.flush() && many) onUnavailable('the outbox cannot be written');
  }

  /** Sends one message. @returns milliseconds until it is worth another look. */
  function step(signal: AbortSignal): number {
    if (liveBusy()) return LIVE_PAUSE_MS;
    settle();
    const away = retryAt - now();
    if (away > 0) {
      // What was read may expire, be evicted or be overtaken meanwhile.
      read = [];
      return away;
    }
    const message = next();
    if (message === undefined) return IDLE_MS;
    const tokenIn = bucket.take();
    if (tokenIn > 0) {
      read.unshift(message);
      return tokenIn;
    }
    start(message, signal);
    return 0;
  }

  async function finish(signal: AbortSignal): Promise<void> {
    read = [];
    if (!signal.aborted) await Promise.all(inFlight.values());
    settlement.flush();
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        if (inFlight.size >= maxInFlight) {
          await Promise.race(inFlight.values());
          continue;
        }
        const ms = step(signal);
        if (ms === 0) continue;
        await pause(ms, signal);
      }
      await Promise.all(inFlight.values());
      await finish(signal);
    },
    async drainOnce(signal) {
      const tried = new Set<number>();
      const available = Number.NEGATIVE_INFINITY;
      retryAt = available;
      while (!signal.aborted && retryAt === available) {
        const message = next(tried);
        if (message === undefined) break;
        tried.add(message.seq);
        start(message, signal);
        if (inFlight.size >= maxInFlight) await Promise.race(inFlight.values());
      }
      await Promise.all(inFlight.values());
      await finish(signal);
    },
    wake() {
      retryAt = Number.NEGATIVE_INFINITY;
      wakeUp.abort();
    },
    snapshot: () => ({ ...counters, inFlight: inFlight.size }),
  };
}
