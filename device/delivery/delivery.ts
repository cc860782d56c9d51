// Predictions on their way to the broker. The journal can make each of them again until the broker
// has acknowledged it or it is in the outbox; then its id is marked and the journal may forget it.
import type { Prediction } from '@dandan/shared/wire';
import { PublishError } from '../mqtt/index.ts';

export interface DeliveryOptions {
  /** Resolves when the broker has acknowledged. @throws {PublishError} */
  readonly publish: (prediction: Prediction) => Promise<void>;
  /** The journal need not make it again. */
  readonly onDelivered: (id: string) => void;
  /** Puts predictions on the disk, to be sent later; false for what it has no room for. */
  readonly keep: (predictions: readonly Prediction[]) => void;
  /** Removes what was kept and has reached the broker meanwhile. */
  readonly forget: (ids: readonly string[]) => void;
  /** The broker will not take it. */
  readonly onRefused: (error: Error) => void;
}

export interface Delivery {
  /** Not acknowledged yet. */
  readonly waiting: number;
  deliver(prediction: Prediction): void;
  /** Puts all that waits on the disk as well: the journal is about to forget it. */
  keepAll(): void;
}

/** Delivers what it is given, in order, once or (after a broken connection) more often. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { publish, onDelivered, keep, forget, onRefused } = options;
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
    deliver(prediction) {
      const { id } = prediction;
      waiting.set(id, prediction);
      publish(prediction).then(
        () => settle(id),
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
