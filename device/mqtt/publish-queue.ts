// Publishes between the gateway and the broker's acknowledgement: in order, bounded,
// and sent again when a connection breaks before the acknowledgement.
import { PublishError, type PublishOptions } from './transport.ts';

/**
 * Predictions are about 300 bytes, so this is 6 MB. Telemetry stops with the broker's
 * connection, so an outage alone never fills it. At the bound the oldest is dropped:
 * for a reader the newest prediction of an asset is the one that counts.
 */
export const MAX_WAITING_PUBLISHES = 20_000;

export interface QueuedPublish {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly options: PublishOptions;
  resolve(): void;
  reject(error: PublishError): void;
}

export interface PublishQueue {
  /** Waiting and in flight. */
  readonly size: number;
  /** Appends; drops the oldest waiting entry when full. */
  add(entry: QueuedPublish): void;
  /** Moves the oldest waiting entry in flight, if fewer than `window` are. */
  take(window: number): QueuedPublish | undefined;
  /** Ends an entry in flight. @returns false when it is not in flight (any more). */
  settle(entry: QueuedPublish): boolean;
  /** Puts everything in flight back in front, in order. */
  rewind(): void;
  /** Rejects everything. */
  fail(error: PublishError): void;
}

/** A queue for at most `limit` publishes. */
export function createPublishQueue({ limit = MAX_WAITING_PUBLISHES } = {}): PublishQueue {
  // A Set iterates in insertion order and deletes in constant time.
  let waiting = new Set<QueuedPublish>();
  const inFlight = new Set<QueuedPublish>();

  function first(): QueuedPublish | undefined {
    for (const entry of waiting) return entry;
    return undefined;
  }

  return {
    get size() {
      return waiting.size + inFlight.size;
    },
    add(entry) {
      const oldest = waiting.size + inFlight.size >= limit ? first() : undefined;
      if (oldest !== undefined) {
        waiting.delete(oldest);
        oldest.reject(new PublishError('dropped', `More than ${limit} messages waited`));
      }
      waiting.add(entry);
    },
    take(window) {
      const entry = inFlight.size < window ? first() : undefined;
      if (entry === undefined) return undefined;
      waiting.delete(entry);
      inFlight.add(entry);
      return entry;
    },
    settle: (entry) => inFlight.delete(entry),
    rewind() {
      waiting = new Set([...inFlight, ...waiting]);
      inFlight.clear();
    },
    fail(error) {
      for (const entry of [...inFlight, ...waiting]) entry.reject(error);
      waiting.clear();
      inFlight.clear();
    },
  };
}
