// What happened to the messages of each class since the process started, and what waits.
import { MESSAGE_CLASSES, type MessageClass } from './message.ts';

export interface ClassCounters {
  /** Taken in, on disk. */
  added: number;
  /** Offered again while they waited or after they were answered, and passed over. */
  repeated: number;
  /** Left after the receiver's acknowledgement. */
  delivered: number;
  /** Left because they were of no more use. */
  expired: number;
  /** Left to make room. */
  evicted: number;
  /** Never taken in: no room, too large, or the disk took no writes. */
  refused: number;
  /** Refused for good by the receiver, or damaged on disk: kept as dead letters. */
  deadLettered: number;
  /** Wait now. */
  waiting: number;
  /** Bytes of those that wait, without what the database adds. */
  bytes: number;
}

export type Counters = Record<MessageClass, ClassCounters>;

/** Counters of all classes, at 0. */
export function createCounters(): Counters {
  const zero = (): ClassCounters => ({
    added: 0,
    repeated: 0,
    delivered: 0,
    expired: 0,
    evicted: 0,
    refused: 0,
    deadLettered: 0,
    waiting: 0,
    bytes: 0,
  });
  return Object.fromEntries(MESSAGE_CLASSES.map((kind) => [kind, zero()])) as Counters;
}
