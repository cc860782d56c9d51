// What waits in the outbox: four classes, which of them gives way to which, and for how long each is of use.

/** By priority, highest first: a class never takes the room of one before it. */
export const MESSAGE_CLASSES = ['escalation', 'prediction', 'audit', 'telemetry'] as const;

export type MessageClass = (typeof MESSAGE_CLASSES)[number];

/** Classes whose messages are carried as they are; an escalation is a row that waits for an answer. */
export type CarriedClass = Exclude<MessageClass, 'escalation'>;

export const CARRIED_CLASSES: readonly CarriedClass[] = ['prediction', 'audit', 'telemetry'];

/**
 * One message must fit a transaction, and a transaction the room kept for the write-ahead log:
 * a dense row of a million codes does, and nothing the gateway sends is larger.
 */
export const MAX_MESSAGE_BYTES = 1_310_720;

const DAY_MS = 86_400_000;

/**
 * How long a message is of use. The longest outages on record at sites without staff are ten days;
 * audits of a bundle that has been replaced meanwhile tell nothing.
 */
export const DEFAULT_TTL_MS: Readonly<Record<MessageClass, number>> = {
  escalation: 30 * DAY_MS,
  prediction: 30 * DAY_MS,
  audit: 14 * DAY_MS,
  telemetry: 30 * DAY_MS,
};

export interface NewMessage {
  readonly class: CarriedClass;
  /** Unique within its class; a message that waits already is not added again. */
  readonly id: string;
  /** Topic of the broker, or path at the edge. */
  readonly destination: string;
  /** At most {@linkcode MAX_MESSAGE_BYTES}, destination and id included. */
  readonly payload: Uint8Array;
  /** Wall clock, milliseconds since the epoch, for people; no decision rests on it. @default {now} */
  readonly created?: number;
}

export interface Message extends Required<NewMessage> {
  /** Orders messages of all classes by arrival; never used twice by one process. */
  readonly seq: number;
  /** Time it has waited, by the outbox's own clock. */
  readonly ageMs: number;
  /** Time until it is of no more use, by the same clock. */
  readonly expiresInMs: number;
}

export interface WaitingRow extends NewRow {
  readonly seq: number;
  /** 1: the gateway's own answer was published. */
  readonly announced: 0 | 1;
}

export interface NewRow {
  /** Id of the prediction; a row that waits already, or was answered, is not added again. */
  readonly id: string;
  /** SHA-256 of the bundle. */
  readonly bundle: string;
  readonly model: string;
  /** The quantised row as it travels. */
  readonly codes: Uint8Array;
  /** The gateway's own prediction as JSON. */
  readonly prediction: string;
}

/** Why a message or row was not kept. */
export type RefusalReason =
  /** Everything that waits is of the same or a higher class and cannot give way. */
  | 'no-room'
  /** Larger than {@linkcode MAX_MESSAGE_BYTES}. */
  | 'too-large'
  | WriteFailure;

/** Why the file cannot be written just now; all but `damaged` may pass by themselves. */
export type WriteFailure =
  /** The disk, or the room kept for the log, is full. */
  | 'disk-full'
  /** The file or its file system takes no writes, or the medium fails. */
  | 'unwritable'
  /** The file is damaged; it is mended at the next start. */
  | 'damaged';
