// The rows on their way to the edge, as the outbox knows them: which wait, which were
// announced with the gateway's own answer, which are claimed by a request.
import type { QuantisedRows } from '@dandan/shared/kernel';
import { type Answer, encodeQuantisedRows, type Prediction } from '@dandan/shared/wire';
import type { Logger } from '../log/index.ts';
import type { Alert, Metrics } from '../metrics/index.ts';
import { PublishError } from '../mqtt/index.ts';
import type { NewRow, Outbox, WaitingRow } from '../outbox/index.ts';

/** Rows of acknowledged answers are deleted together: one fsync instead of hundreds. */
const DELETE_DELAY_MS = 20;

/** Rows announced per transaction. */
const ANNOUNCE_ROWS = 1000;

export interface UnsureRow {
  /** The gateway's own answer. */
  readonly prediction: Prediction;
  /** The one row it is about. */
  readonly row: QuantisedRows;
}

export interface LedgerOptions {
  readonly outbox: Outbox;
  /** Resolves when the broker has acknowledged the prediction. */
  readonly publish: (prediction: Prediction) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly alert: Alert;
}

export interface Ledger {
  /** Rows taken in but not yet on disk. */
  readonly staged: number;
  stage(rows: readonly UnsureRow[]): void;
  /** Writes the staged rows; `away`: publishes their own answers as well. */
  commit(away: boolean): void;
  /** Publishes own answers for rows that have none and were added at or before `createdUntil`. */
  announce(createdUntil: number): void;
  /** Oldest unclaimed rows of one bundle. */
  take(options: { readonly announced: boolean; readonly limit: number }): WaitingRow[];
  claim(rows: readonly WaitingRow[]): void;
  release(rows: readonly WaitingRow[]): void;
  /** Publishes the edge's answer; the row leaves the disk once the broker has acknowledged. */
  settle(row: WaitingRow, answer: Answer, onRefused: () => void): void;
  /** The edge will never answer these rows: publishes own answers, keeps them as dead letters. */
  bury(rows: readonly WaitingRow[], reason: string): void;
  /** Deletes rows whose answers were acknowledged, without delay. */
  flush(): void;
}

/** A ledger over an outbox; rows that an earlier process left are unclaimed. */
export function createLedger(options: LedgerOptions): Ledger {
  const { outbox, publish, metrics, log, alert } = options;
  /** Rows of the request in flight, and rows whose answer the broker has not acknowledged. */
  const claimed = new Set<number>();
  let staged: NewRow[] = [];
  let acknowledged: number[] = [];
  let deleteTimer: NodeJS.Timeout | undefined;

  function publishOwn(rows: readonly NewRow[]): void {
    for (const { prediction } of rows) {
      metrics.add('degraded');
      // Written by this program: the outbox holds nothing else.
      const own = JSON.parse(prediction) as Prediction;
      publish({ ...own, degraded: true }).catch(({ message }: Error) => {
        metrics.add('dropped');
        alert('predictions-dropped', message);
      });
    }
  }

  function giveUp(evicted: readonly WaitingRow[]): void {
    if (evicted.length === 0) return;
    metrics.add('evicted', evicted.length);
    alert('outbox-full', 'The oldest rows were given up', evicted.length);
    publishOwn(evicted.filter(({ seq, announced }) => announced === 0 && !claimed.has(seq)));
  }

  function flush(): void {
    clearTimeout(deleteTimer);
    deleteTimer = undefined;
    const seqs = acknowledged;
    acknowledged = [];
    try {
      outbox.remove(seqs);
      for (const seq of seqs) claimed.delete(seq);
    } catch (error) {
      // The rows stay claimed, so that they are not asked for again and again.
      log.error('outbox-write-failed', { reason: (error as Error).message, rows: seqs.length });
    }
  }

  function release(rows: readonly WaitingRow[]): void {
    for (const { seq } of rows) claimed.delete(seq);
  }

  return {
    get staged() {
      return staged.length;
    },
    stage(rows) {
      for (const { prediction, row } of rows) {
        const { id, bundle, model } = prediction;
        const codes = encodeQuantisedRows(row);
        staged.push({ id, bundle, model, codes, prediction: JSON.stringify(prediction) });
      }
    },
    commit(away) {
      const rows = staged;
      staged = [];
      if (rows.length === 0) return;
      try {
        giveUp(outbox.add(rows, { announced: away }));
        if (away) publishOwn(rows);
      } catch (error) {
        // A full or broken disk: the answers still go out, the rows cannot be kept.
        log.error('outbox-write-failed', { reason: (error as Error).message, rows: rows.length });
        metrics.add('evicted', rows.length);
        alert('outbox-full', 'The outbox cannot be written', rows.length);
        publishOwn(rows);
      }
    },
    announce(createdUntil) {
      const take = { announced: false, limit: ANNOUNCE_ROWS, except: claimed, createdUntil };
      for (let rows = outbox.take(take); rows.length > 0; rows = outbox.take(take)) {
        publishOwn(rows);
        outbox.markAnnounced(rows.map(({ seq }) => seq));
      }
    },
    take(wanted) {
      const rows = outbox.take({ ...wanted, except: claimed });
      return rows.filter((row) => row.bundle === rows[0].bundle && row.model === rows[0].model);
    },
    claim(rows) {
      for (const { seq } of rows) claimed.add(seq);
    },
    release,
    settle(row, answer, onRefused) {
      const own = JSON.parse(row.prediction) as Prediction;
      const { class: index, label, confidence, stage } = answer;
      publish({ ...own, class: index, label, confidence, stage, tier: 'edge' }).then(
        () => {
          metrics.add('edgeAnswers');
          acknowledged.push(row.seq);
          deleteTimer ??= setTimeout(flush, DELETE_DELAY_MS);
        },
        (error: Error) => {
          // The gateway stops: the next process finds the row as it is.
          if (error instanceof PublishError && error.reason === 'closed') return;
          log.warn('answer-not-published', { reason: error.message });
          outbox.markAnnounced([row.seq]);
          release([row]);
          onRefused();
        },
      );
    },
    bury(rows, reason) {
      if (rows.length === 0) return;
      publishOwn(rows.filter(({ announced }) => announced === 0));
      const seqs = rows.map(({ seq }) => seq);
      outbox.bury(seqs, reason);
      release(rows);
      metrics.add('deadLettered', rows.length);
      log.error('rows-dead-lettered', { reason, rows: rows.length });
      alert('row-dead-lettered', `The edge will not answer: ${reason}`, rows.length);
    },
    flush,
  };
}
