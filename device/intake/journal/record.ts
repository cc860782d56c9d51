// What the journal holds: everything that the gateway's state follows from.
import type { PolicyName } from '@dandan/shared/policy';

/** A message of a broker, as it came. */
export interface MessageRecord {
  readonly kind: 'message';
  /** Name of the broker it came from. */
  readonly broker: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Wall clock at arrival, milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly retained: boolean;
  /** The broker says that it sends it again. */
  readonly duplicate: boolean;
  /** MQTT's packet identifier; 0 for QoS 0. */
  readonly packetId: number;
}

export type JournalRecord =
  | MessageRecord
  /** Rows of a bundle's assets that are silent at this wall clock were built. */
  | { readonly kind: 'silence'; readonly now: number; readonly bundle: string }
  /** It is this late by the wall clock: what waits for the time may go. */
  | { readonly kind: 'clock'; readonly now: number }
  /** Rows are answered under this policy from here on. */
  | { readonly kind: 'policy'; readonly policy: PolicyName; readonly maxStage?: number }
  /** Predictions that need no delivery any more, by id. */
  | { readonly kind: 'delivered'; readonly ids: readonly string[] };

/** The state that all records before it have led to. */
export interface SnapshotRecord {
  readonly kind: 'snapshot';
  readonly state: unknown;
}

const KINDS = ['snapshot', 'message', 'silence', 'delivered', 'clock', 'policy'] as const;
const RETAINED = 1;
const DUPLICATE = 2;

const decoder = new TextDecoder();

function encodeMessage(record: MessageRecord): Uint8Array[] {
  const { broker, topic, payload, receivedAt, retained, duplicate, packetId } = record;
  const brokerBytes = Buffer.byteLength(broker);
  const topicBytes = Buffer.byteLength(topic);
  const head = Buffer.allocUnsafe(15 + brokerBytes + topicBytes);
  head[0] = KINDS.indexOf('message');
  head[1] = (retained ? RETAINED : 0) | (duplicate ? DUPLICATE : 0);
  head.writeDoubleLE(receivedAt, 2);
  head.writeUInt16LE(packetId, 10);
  head[12] = brokerBytes;
  head.writeUInt16LE(topicBytes, 13);
  head.write(broker, 15);
  head.write(topic, 15 + brokerBytes);
  return [head, payload];
}

function decodeMessage(bytes: Uint8Array): MessageRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const topicAt = 15 + bytes[12];
  const payloadAt = topicAt + view.getUint16(13, true);
  return {
    kind: 'message',
    broker: decoder.decode(bytes.subarray(15, topicAt)),
    topic: decoder.decode(bytes.subarray(topicAt, payloadAt)),
    payload: bytes.subarray(payloadAt),
    receivedAt: view.getFloat64(2, true),
    retained: (bytes[1] & RETAINED) !== 0,
    duplicate: (bytes[1] & DUPLICATE) !== 0,
    packetId: view.getUint16(10, true),
  };
}

/** Bytes of a record, in parts. */
export function encodeRecord(record: JournalRecord | SnapshotRecord): Uint8Array[] {
  if (record.kind === 'message') return encodeMessage(record);
  const kind = Uint8Array.of(KINDS.indexOf(record.kind));
  switch (record.kind) {
    case 'silence':
    case 'clock':
    case 'policy':
      return [kind, Buffer.from(JSON.stringify(record))];
    case 'delivered':
      return [kind, Buffer.from(record.ids.join('\n'))];
    case 'snapshot':
      return [kind, Buffer.from(JSON.stringify(record.state ?? null))];
  }
}

/** The record of a sound frame. @throws {RangeError} for a kind that a newer program has written. */
export function decodeRecord(bytes: Uint8Array): JournalRecord | SnapshotRecord {
  const body = bytes.subarray(1);
  switch (KINDS[bytes[0]]) {
    case 'message':
      return decodeMessage(bytes);
    case 'silence':
    case 'clock':
    case 'policy':
      // Written by this program, and held to its CRC.
      return JSON.parse(decoder.decode(body)) as JournalRecord;
    case 'delivered':
      return { kind: 'delivered', ids: decoder.decode(body).split('\n') };
    case 'snapshot':
      return { kind: 'snapshot', state: JSON.parse(decoder.decode(body)) as unknown };
    default:
      throw new RangeError(`Cannot read a journal record of kind ${bytes[0]}`);
  }
}
