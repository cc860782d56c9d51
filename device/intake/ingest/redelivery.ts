// Messages that a broker sends again because their acknowledgement did not reach it. They are in
// the journal already; read again, a sample without a time of its own would count twice.
import { crc32 } from 'node:zlib';

/**
 * As many as a broker may have sent without an acknowledgement (Receive Maximum), and as many
 * again: identifiers of what was acknowledged meanwhile lie between them.
 */
const MAX_REMEMBERED = 4000;

export interface Delivery {
  readonly broker: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly packetId: number;
  /** What the broker says; some never say it. */
  readonly duplicate: boolean;
}

export interface Redelivery {
  /** True when the message was taken before; otherwise it is remembered. */
  isKnown(delivery: Delivery): boolean;
  /** For JSON, oldest first. */
  snapshot(): string[];
}

/** A memory of the last messages of all brokers. */
export function createRedelivery(snapshot: readonly string[] = []): Redelivery {
  const known = new Set(snapshot);
  return {
    isKnown({ broker, topic, payload, packetId, duplicate }) {
      // QoS 0 is sent once.
      if (packetId === 0) return false;
      const key = `${broker} ${packetId} ${crc32(payload, crc32(topic))}`;
      if (duplicate && known.has(key)) return true;
      // Moves to the end: the identifier is in use anew.
      known.delete(key);
      known.add(key);
      if (known.size > MAX_REMEMBERED) {
        for (const oldest of known) {
          known.delete(oldest);
          break;
        }
      }
      return false;
    },
    snapshot: () => [...known],
  };
}
