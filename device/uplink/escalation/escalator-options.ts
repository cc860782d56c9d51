// What an escalator is given, what it offers and what it counts.
import type { WaitingRow } from '../../outputs/outbox/index.ts';
import type { Backoff } from '../../retry/index.ts';
import type { BreakerOptions } from './breaker.ts';
import type { BudgetLimits } from './budget.ts';
import type { EdgeLink } from './edge-link.ts';
import type { LedgerOptions, UnsureRow } from './ledger.ts';

/** A shift: who needs the answer has gone home. */
export const DEFAULT_MAX_AGE_MS = 8 * 60 * 60_000;

export interface EscalatorOptions
  extends Omit<LedgerOptions, 'state' | 'onUndelivered' | 'onDelivered'> {
  readonly edge: EdgeLink;
  /** False: answers could not be published now, so none are asked for. */
  readonly isConnected: () => boolean;
  /** Most rows per request. */
  readonly batchRows: number;
  /** Longest time the first row of a batch waits for others, milliseconds. */
  readonly batchDelayMs: number;
  /** A row that waited this long gets the gateway's own answer, milliseconds. */
  readonly answerWithinMs: number;
  /** Delays between tries; every bundle gets one of its own. */
  readonly backoff: Backoff;
  /** When to leave the edge alone. @default {see BreakerOptions} */
  readonly breaker?: BreakerOptions;
  /** @default {no limits} */
  readonly budget?: BudgetLimits;
  /**
   * What becomes of new rows once the day's budget is spent; both have the gateway's own
   * answer at once. `wait`: for the next day. `drop`: they are not kept.
   *
   * @default {'wait'}
   */
  readonly whenSpent?: 'wait' | 'drop';
  /** Rows older than this are not escalated any more. @default {DEFAULT_MAX_AGE_MS} */
  readonly maxAgeMs?: number;
  /** Answers under way and budgets. @default {':memory:', which a restart forgets} */
  readonly stateFile?: string;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets. @default {performance.now} */
  readonly clock?: () => number;
}

export interface EscalatorCounters {
  /** Bundles whose breaker is not closed now. */
  readonly breakersOpen: number;
  /** Times that a breaker opened. */
  readonly breakerOpenings: number;
  readonly probes: number;
  /** Requests that the edge asked to make later (HTTP 429). */
  readonly throttled: number;
  /** Milliseconds between two requests for kept rows now. */
  readonly paceMs: number;
  /** Rows not kept because the day's budget was spent. */
  readonly budgetSpent: number;
  /** Rows that became too old for an answer. */
  readonly expired: number;
  /** Answers that the broker has not acknowledged. */
  readonly undelivered: number;
}

export interface Escalator {
  /** Takes rows. They are on disk at most `batchDelayMs` later, and before any request. */
  add(rows: readonly UnsureRow[]): void;
  /** Puts on disk what is not there yet. */
  commit(): void;
  /** Publishes own answers for rows that the outbox has lost. */
  giveUp(rows: readonly WaitingRow[]): void;
  /** Looks for work: the broker is connected (again). */
  wake(): void;
  /** Asks for the rows that have no answer yet, until done, the edge is away or the signal. */
  drain(signal: AbortSignal): Promise<void>;
  /** Ends the requests in flight; their rows stay in the outbox. */
  stop(): Promise<void>;
  /** Deletes the rows whose answers the broker has acknowledged, before the outbox closes. */
  flush(): void;
  snapshot(): EscalatorCounters;
  /** After `stop` and `flush`: closes the file of answers and budgets. */
  close(): void;
}
