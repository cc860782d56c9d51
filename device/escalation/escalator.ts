// Decides when which rows go to the edge: micro-batches, one request in flight, backoff
// while the edge is away, and a measured pace when it is back.
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { decodeQuantisedRows } from '@dandan/shared/wire';
import type { WaitingRow } from '../outbox/index.ts';
import { type Backoff, withSignal } from '../retry/index.ts';
import { concatRows } from './concat-rows.ts';
import type { EdgeClient, EscalationOutcome } from './edge-client.ts';
import { createLedger, type LedgerOptions, type UnsureRow } from './ledger.ts';

/**
 * Pause between batches of kept rows, so that a gateway back from an outage leaves the
 * edge room for live rows: 64 rows each are 640 a second, an hour's 10 a second in a minute.
 */
const BACKLOG_PACE_MS = 100;

/** Pause after the broker refused an answer: only a person can correct its access rules. */
const REFUSED_PAUSE_MS = 30_000;

/** Longest Retry-After obeyed: the edge may be back sooner than a confused proxy says. */
const MAX_RETRY_AFTER_MS = 10 * 60_000;

export interface EscalatorOptions extends LedgerOptions {
  readonly edge: EdgeClient;
  /** False: answers could not be published now, so none are asked for. */
  readonly isConnected: () => boolean;
  /** Most rows per request. */
  readonly batchRows: number;
  /** Longest time the first row of a batch waits for others, milliseconds. */
  readonly batchDelayMs: number;
  /** A row that waited this long gets the gateway's own answer, milliseconds. */
  readonly answerWithinMs: number;
  /** Delays between tries while the edge is away. */
  readonly backoff: Backoff;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

export interface Escalator {
  /** Takes rows. They are on disk at most `batchDelayMs` later, and before any request. */
  add(rows: readonly UnsureRow[]): void;
  /** Puts on disk what is not there yet. */
  commit(): void;
  /** Looks for work: the broker is connected (again). */
  wake(): void;
  /** Asks for the rows that have no answer yet, until done, the edge is away or the signal. */
  drain(signal: AbortSignal): Promise<void>;
  /** Ends the request in flight; its rows stay in the outbox. */
  stop(): Promise<void>;
  /** Deletes the rows whose answers the broker has acknowledged, before the outbox closes. */
  flush(): void;
}

type Failure = Extract<EscalationOutcome, { kind: 'unavailable' | 'unauthorised' }>;

/** An escalator; rows that an earlier process left in the outbox are sent after `wake`. */
export function createEscalator(options: EscalatorOptions): Escalator {
  const { edge, isConnected, metrics, log, alert, outbox, backoff, now = Date.now } = options;
  const { batchRows, batchDelayMs, answerWithinMs } = options;
  const ledger = createLedger(options);
  const stopping = new AbortController();
  let request: Promise<void> | undefined;
  let draining = false;
  let down = false;
  let retryAt = 0;
  let backlogAt = 0;
  let commitTimer: NodeJS.Timeout | undefined;
  let pumpTimer: NodeJS.Timeout | undefined;

  function commit(): void {
    clearTimeout(commitTimer);
    commitTimer = undefined;
    ledger.commit(now() < retryAt);
    pump();
  }

  function onRefusedByBroker(): void {
    backlogAt = now() + REFUSED_PAUSE_MS;
  }

  function onFailure(rows: readonly WaitingRow[], { kind, reason, retryAfterMs }: Failure): void {
    const delay = Math.max(backoff.next(), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
    retryAt = now() + delay;
    const fields = { reason, retryInMs: Math.round(delay), pending: outbox.pending };
    log[down ? 'debug' : 'warn']('edge-down', fields);
    down = true;
    if (kind === 'unauthorised') alert('edge-unauthorised', `The edge refuses the key: ${reason}`);
    ledger.release(rows);
    ledger.announce(Number.MAX_SAFE_INTEGER);
  }

  function onOutcome(rows: readonly WaitingRow[], outcome: EscalationOutcome): void {
    metrics.add('bytesUp', outcome.bytesUp);
    metrics.add('bytesDown', outcome.bytesDown);
    if (outcome.kind !== 'answered') metrics.add('requestFailures');
    if ('retryAfterMs' in outcome) {
      onFailure(rows, outcome);
      return;
    }
    if (down) log.info('edge-up', { pending: outbox.pending });
    down = false;
    backoff.reset();
    if (outcome.kind === 'refused') ledger.bury(rows, outcome.reason);
    else {
      rows.forEach((row, i) => {
        ledger.settle(row, outcome.answers[i], onRefusedByBroker);
      });
    }
    ledger.announce(now() - answerWithinMs);
  }

  /** Decodes what the disk gave back; rows it has damaged are buried. */
  function readable(rows: readonly WaitingRow[]) {
    const parts: QuantisedRows[] = [];
    const good = rows.filter((row) => {
      try {
        parts.push(decodeQuantisedRows(row.codes).rows);
        return true;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        ledger.bury([row], `unreadable: ${error.code}`);
        return false;
      }
    });
    return { good, parts };
  }

  async function send(taken: readonly WaitingRow[]): Promise<void> {
    const { good: rows, parts } = readable(taken);
    if (rows.length === 0) return;
    ledger.claim(rows);
    const [{ bundle, model }] = rows;
    metrics.add('requests');
    try {
      const batch = { rows: concatRows(parts), bundle, model };
      onOutcome(rows, await edge.escalate(batch, stopping.signal));
    } catch (error) {
      ledger.release(rows);
      if (!stopping.signal.aborted) throw error;
    }
  }

  /** The next batch: rows without any answer first, then kept ones, paced. */
  function next(): WaitingRow[] {
    const live = ledger.take({ announced: false, limit: batchRows });
    if (live.length > 0 || draining) return live;
    const wait = backlogAt - now();
    if (wait > 0) {
      wakeIn(wait);
      return [];
    }
    const kept = ledger.take({ announced: true, limit: batchRows });
    if (kept.length > 0) backlogAt = now() + BACKLOG_PACE_MS;
    return kept;
  }

  function wakeIn(delayMs: number): void {
    clearTimeout(pumpTimer);
    pumpTimer = setTimeout(pump, delayMs);
  }

  function pump(): void {
    if (stopping.signal.aborted || request !== undefined || !isConnected()) return;
    const wait = retryAt - now();
    if (wait > 0) {
      wakeIn(wait);
      return;
    }
    const rows = next();
    if (rows.length === 0) return;
    request = send(rows)
      .catch((error: unknown) => {
        // Only the disk can fail here; the pause keeps a broken one from spinning.
        log.error('escalation-failed', { reason: String(error) });
        retryAt = now() + backoff.next();
      })
      .finally(() => {
        request = undefined;
        pump();
      });
  }

  return {
    add(rows) {
      metrics.add('escalated', rows.length);
      ledger.stage(rows);
      if (ledger.staged >= batchRows) commit();
      else commitTimer ??= setTimeout(commit, batchDelayMs);
    },
    commit,
    wake: pump,
    async drain(signal) {
      draining = true;
      for (commit(); request !== undefined && !signal.aborted; ) {
        await withSignal(request, signal).catch(() => {});
      }
    },
    async stop() {
      stopping.abort(new Error('The gateway stops'));
      clearTimeout(pumpTimer);
      commit();
      await request;
      ledger.flush();
    },
    flush: ledger.flush,
  };
}
