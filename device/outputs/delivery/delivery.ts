// The gateway's own predictions on their way to the broker. The journal can make each of them again
// until the broker has acknowledged it or it is in the outbox; then its id is marked and the
// journal may forget it.
import type { Prediction } from '@dandan/shared/wire';
import { PublishError } from '../../mqtt/index.ts';

export interface DeliveryOptions {
  /** Resolves when the prediction needs no delivery any more. @throws {PublishError} */
  readonly send: (prediction: Prediction) => Promise<void>;
  /** The journal need not make it again. */
  readonly onDelivered: (id: string) => void;
  /** From the arrival of what completed its row to its acknowledgement, milliseconds. */
  readonly onLatency: (ms: number) => void;
  /** Puts predictions on the disk, to be sent later. */
  readonly keep: (predictions: readonly Prediction[]) => void;
  /** Removes what was kept and has reached the broker meanwhile. */
  readonly forget: (ids: readonly string[]) => void;
  /** The broker will not take it. */
  readonly onRefused: (error: Error) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

export interface Delivery {
  /** Not acknowledged yet. */
  readonly waiting: number;
  /** `receivedAt`: wall clock at which the message that completed its row arrived. */
  deliver(prediction: Prediction, receivedAt: number): void;
  /** Puts all that waits on the disk as well: the journal is about to forget it. */
  keepAll(): void;
}

/** Delivers what it is given, in order, once or (after a broken connection) more often. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { send, onDelivered, onLatency, keep, forget, onRefused, now = Date.now } = options;
  const waiting = new Map<string, Prediction>();
  const kept = new Set<string>();

  function settle(id: string): void {
    waiting.delete(id);
    if (kept.delete(id)) forget([id]);
    onDelivered(id);
  }

  function onFailure(prediction: Prediction, error: unknown): void {
    const { id } = prediction;
    if (!(error instanceof PublishError)) throw error;
    // The gateway stops: the journal or the outbox has it.
    if (error.reason === 'closed') return;
    if (error.reason === 'refused') {
      onRefused(error);
      settle(id);
      return;
    }
    // Too many wait in memory: the oldest go to the disk.
    waiting.delete(id);
    if (!kept.delete(id)) keep([prediction]);
    onDelivered(id);
  }

  return {
    get waiting() {
      return waiting.size;
    },
    deliver(prediction, receivedAt) {
      const { id } = prediction;
      waiting.set(id, prediction);
      send(prediction).then(
        () => {
          settle(id);
          onLatency(now() - receivedAt);
        },
        (error) => onFailure(prediction, error),
      );
    },
    keepAll() {
      const unkept = [...waiting.values()].filter(({ id }) => !kept.has(id));
      keep(unkept);
      for (const { id } of unkept) kept.add(id);
    },
  };
}
