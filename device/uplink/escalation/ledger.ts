// The rows on their way to the edge, as the outbox knows them: which wait, which were
// announced with the gateway's own answer, which are asked for, which are answered.
import type { QuantisedRows } from '@dandan/shared/kernel';
import { type Answer, encodeQuantisedRows, type Prediction } from '@dandan/shared/wire';
import type { Alert } from '../../metrics/index.ts';
import type { NewRow, WaitingRow } from '../../outputs/outbox/index.ts';
import { createDeliveries, type DeliveriesOptions } from './deliveries.ts';

/** Rows announced or given up per transaction. */
const CHUNK_ROWS = 1000;

export interface UnsureRow {
  /** The gateway's own answer. */
  readonly prediction: Prediction;
  /** The one row it is about. */
  readonly row: QuantisedRows;
}

export interface LedgerOptions extends DeliveriesOptions {
  readonly alert: Alert;
}

interface Selection {
  /** @default {any} */
  readonly bundle?: string | undefined;
  /** Only rows added at or before this time. @default {any} */
  readonly createdUntil?: number;
}

export interface Ledger {
  /** Rows taken in but not yet on disk. */
  readonly staged: number;
  /** Answers of the edge that the broker has not acknowledged. */
  readonly undelivered: number;
  stage(rows: readonly UnsureRow[]): void;
  /** Writes the staged rows; @returns their bundles. */
  commit(): ReadonlySet<string>;
  /** Publishes own answers for rows that have none, also where the edge is being asked. */
  announce(selection: Selection): void;
  /** Own answers are the last word for rows that have none; @returns how many rows left. */
  finish(selection: Selection): number;
  /** Gives up rows added at or before this time; @returns how many. */
  expire(createdUntil: number): number;
  /** Oldest rows of one bundle that nobody is asked for. */
  take(options: { bundle: string; announced: boolean; limit: number }): WaitingRow[];
  /** The edge is asked for these rows. */
  claim(rows: readonly WaitingRow[]): void;
  release(rows: readonly WaitingRow[]): void;
  /** Stores the edge's answers, then publishes them; see {@linkcode createDeliveries}. */
  settle(rows: readonly WaitingRow[], answers: readonly Answer[]): void;
  /** The edge will never answer these rows: publishes own answers, keeps them as dead letters. */
  bury(rows: readonly WaitingRow[], reason: string): void;
  /** Publishes own answers for rows that the outbox has lost. */
  giveUp(rows: readonly WaitingRow[]): void;
  /** Publishes final answers that the broker has not acknowledged and that are not on their way. */
  redeliver(): void;
  /** Deletes rows whose answers were acknowledged, without delay. */
  flush(): void;
}

/** A ledger over an outbox; answers that an earlier process could not deliver wait for `redeliver`. */
export function createLedger(options: LedgerOptions): Ledger {
  const { outbox, publish, metrics, log, alert } = options;
  const deliveries = createDeliveries(options);
  /** Rows that the edge is being asked for. */
  const asked = new Set<number>();
  /** Of these, the ones whose own answer was published meanwhile. */
  const told = new Set<number>();
  let staged: NewRow[] = [];

  function sendOwn({ prediction }: NewRow): Promise<boolean> {
    metrics.add('degraded');
    // Written by this program: the outbox holds nothing else.
    const own = JSON.parse(prediction) as Prediction;
    return publish({ ...own, degraded: true }).then(
      () => true,
      ({ message }: Error) => {
        metrics.add('dropped');
        alert('predictions-dropped', message);
        return false;
      },
    );
  }

  function publishOwn(rows: readonly NewRow[]): void {
    for (const row of rows) void sendOwn(row);
  }

  function giveUp(evicted: readonly WaitingRow[]): void {
    if (evicted.length === 0) return;
    metrics.add('evicted', evicted.length);
    alert('outbox-full', 'The oldest rows were given up', evicted.length);
    publishOwn(evicted.filter((row) => row.announced === 0 && !deliveries.seqs.has(row.seq)));
  }

  function release(rows: readonly WaitingRow[]): void {
    for (const { seq } of rows) {
      asked.delete(seq);
      told.delete(seq);
    }
  }

  /** Rows without any answer, in chunks; `handle` marks all of them. */
  function forEachUntold(
    { selection, except }: { selection: Selection; except: () => ReadonlySet<number> },
    handle: (rows: WaitingRow[]) => void,
  ): void {
    for (;;) {
      const take = { announced: false, limit: CHUNK_ROWS, except: except(), ...selection };
      const rows = outbox.take(take);
      if (rows.length === 0) return;
      handle(rows);
    }
  }

  function finish(selection: Selection): number {
    let count = 0;
    forEachUntold({ selection, except: () => deliveries.claimed(asked) }, (rows) => {
      outbox.markAnnounced(rows.map(({ seq }) => seq));
      count += rows.length;
      // The row leaves once the broker has its answer; until then it is a kept one.
      for (const row of rows) deliveries.removeAfter(row, sendOwn(row));
    });
    return count;
  }

  return {
    get staged() {
      return staged.length;
    },
    get undelivered() {
      return deliveries.waiting;
    },
    stage(rows) {
      for (const { prediction, row } of rows) {
        const { id, bundle, model } = prediction;
        const codes = encodeQuantisedRows(row);
        staged.push({ id, bundle, model, codes, prediction: JSON.stringify(prediction) });
      }
    },
    commit() {
      const rows = staged;
      staged = [];
      if (rows.length === 0) return new Set();
      try {
        giveUp(outbox.add(rows, { announced: false }));
      } catch (error) {
        // A full or broken disk: the answers still go out, the rows cannot be kept.
        log.error('outbox-write-failed', { reason: (error as Error).message, rows: rows.length });
        metrics.add('evicted', rows.length);
        alert('outbox-full', 'The outbox cannot be written', rows.length);
        publishOwn(rows);
      }
      return new Set(rows.map(({ bundle }) => bundle));
    },
    announce(selection) {
      forEachUntold({ selection, except: () => deliveries.seqs }, (rows) => {
        publishOwn(rows);
        outbox.markAnnounced(rows.map(({ seq }) => seq));
        for (const { seq } of rows) if (asked.has(seq)) told.add(seq);
      });
    },
    finish,
    expire(createdUntil) {
      let count = finish({ createdUntil });
      const take = { announced: true, limit: CHUNK_ROWS, createdUntil };
      for (;;) {
        const rows = outbox.take({ ...take, except: deliveries.claimed(asked) });
        if (rows.length === 0) return count;
        outbox.remove(rows.map(({ seq }) => seq));
        count += rows.length;
      }
    },
    take(wanted) {
      const rows = outbox.take({ ...wanted, except: deliveries.claimed(asked) });
      return rows.filter(({ model }) => model === rows[0].model);
    },
    claim(rows) {
      for (const { seq } of rows) asked.add(seq);
    },
    release,
    settle(rows, answers) {
      deliveries.start(rows, answers);
      release(rows);
    },
    bury(rows, reason) {
      if (rows.length === 0) return;
      publishOwn(rows.filter(({ seq, announced }) => announced === 0 && !told.has(seq)));
      outbox.bury(
        rows.map(({ seq }) => seq),
        reason,
      );
      release(rows);
      metrics.add('deadLettered', rows.length);
      log.error('rows-dead-lettered', { reason, rows: rows.length });
      alert('row-dead-lettered', `The edge will not answer: ${reason}`, rows.length);
    },
    giveUp,
    redeliver: deliveries.redeliver,
    flush: deliveries.flush,
  };
}
