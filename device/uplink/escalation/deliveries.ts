// Final answers between the edge and the broker's acknowledgement.
import type { Answer, Prediction } from '@dandan/shared/wire';
import type { Logger } from '../../log/index.ts';
import type { Metrics } from '../../metrics/index.ts';
import { PublishError } from '../../mqtt/index.ts';
import type { Outbox, WaitingRow } from '../../outputs/outbox/index.ts';
import type { EscalationState, StoredAnswer } from './state-file.ts';

/** Rows of acknowledged answers are deleted together: one fsync instead of hundreds. */
const DELETE_DELAY_MS = 20;

interface Delivery extends StoredAnswer {
  readonly seq: number;
  /** Published; the broker has not said anything yet. */
  underWay: boolean;
}

export interface Deliveries {
  /** Rows whose final answer is here. */
  readonly seqs: ReadonlySet<number>;
  /** These and `others`, to be passed over. */
  claimed(others: ReadonlySet<number>): ReadonlySet<number>;
  readonly waiting: number;
  /** Stores answers durably, then publishes them. */
  start(rows: readonly WaitingRow[], answers: readonly Answer[]): void;
  /** The row leaves the disk once `delivered` gives true; nobody is asked for it meanwhile. */
  removeAfter(row: WaitingRow, delivered: Promise<boolean>): void;
  redeliver(): void;
  flush(): void;
}

export interface DeliveriesOptions {
  readonly outbox: Outbox;
  readonly state: EscalationState;
  /** Resolves when the broker has acknowledged the prediction. */
  readonly publish: (prediction: Prediction) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The broker refused or lost a final answer; `redeliver` tries again. */
  readonly onUndelivered: () => void;
  /** Room for more answers. */
  readonly onDelivered: () => void;
}

function toFinal(row: WaitingRow, answer: Answer): string {
  const own = JSON.parse(row.prediction) as Prediction;
  const { class: index, label, confidence, stage } = answer;
  const final: Prediction = { ...own, class: index, label, confidence, stage, tier: 'edge' };
  return JSON.stringify(final);
}

/**
 * What holds for every id:
 *
 * - Its first answer of the edge is on disk before it is published, and is the only one that
 *   ever is: a later answer to the same row, which may differ because the edge's policy has
 *   changed, finds the row gone, answered or stored. Across `kill -9` and power cuts, too.
 * - It is published until the broker acknowledges it: once as a rule; again, with the same
 *   bytes, after a crash between publish and delete or a lost acknowledgement.
 * - The gateway's own answer is never published after it.
 * - Its row is deleted only then, and its id is not taken in again while the outbox remembers it.
 *
 * The one exception: a disk that takes no writes when the answer comes. It is published all
 * the same; a crash in that moment may have the edge asked again.
 */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { outbox, state, publish, metrics, log, onUndelivered, onDelivered } = options;
  const deliveries = new Map<number, Delivery>();
  const seqs = new Set<number>();
  /** Acknowledged, but still on disk. */
  let done: Pick<WaitingRow, 'seq' | 'id'>[] = [];
  let timer: NodeJS.Timeout | undefined;

  function hold(delivery: Delivery): void {
    deliveries.set(delivery.seq, delivery);
    seqs.add(delivery.seq);
  }

  function recover(): void {
    const stored = new Map(state.answers.map((answer) => [answer.id, answer]));
    const rows = outbox.find([...stored.keys()]);
    for (const { seq, id } of rows) {
      hold({ ...(stored.get(id) as StoredAnswer), seq, underWay: false });
      stored.delete(id);
    }
    // Deleted from the outbox, but the process ended before this file knew.
    if (stored.size > 0) state.forgetAnswers([...stored.keys()]);
    if (rows.length > 0) log.info('answers-recovered', { rows: rows.length });
  }

  function remove(row: Pick<WaitingRow, 'seq' | 'id'>): void {
    done.push(row);
    timer ??= setTimeout(flush, DELETE_DELAY_MS);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (done.length === 0) return;
    const rows = done;
    done = [];
    try {
      outbox.remove(rows.map(({ seq }) => seq));
      state.forgetAnswers(rows.map(({ id }) => id));
      for (const { seq } of rows) seqs.delete(seq);
    } catch (error) {
      // The rows stay claimed, so that they are not asked for again and again.
      done = [...rows, ...done];
      log.error('outbox-write-failed', { reason: (error as Error).message, rows: rows.length });
    }
  }

  function deliver(delivery: Delivery): void {
    delivery.underWay = true;
    publish(JSON.parse(delivery.prediction) as Prediction).then(
      () => {
        metrics.add('edgeAnswers');
        deliveries.delete(delivery.seq);
        remove(delivery);
        onDelivered();
      },
      (error: Error) => {
        delivery.underWay = false;
        // The gateway stops: the next process finds the answer as it is.
        if (error instanceof PublishError && error.reason === 'closed') return;
        log.warn('answer-not-published', { reason: error.message });
        onUndelivered();
      },
    );
  }

  recover();
  return {
    seqs,
    claimed: (others) => new Set([...seqs, ...others]),
    get waiting() {
      return deliveries.size;
    },
    start(rows, answers) {
      const finals = rows.map((row, i) => ({
        seq: row.seq,
        id: row.id,
        prediction: toFinal(row, answers[i]),
        underWay: false,
      }));
      try {
        state.keepAnswers(finals);
      } catch (error) {
        log.error('answers-not-stored', { reason: (error as Error).message, rows: rows.length });
      }
      for (const delivery of finals) {
        hold(delivery);
        deliver(delivery);
      }
    },
    removeAfter(row, delivered) {
      seqs.add(row.seq);
      void delivered.then((yes) => (yes ? remove(row) : seqs.delete(row.seq)));
    },
    redeliver() {
      for (const delivery of deliveries.values()) if (!delivery.underWay) deliver(delivery);
    },
    flush,
  };
}
