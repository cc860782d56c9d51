export { type BrokerSendOptions, createBrokerSend } from './broker-send.ts';
export type { ClassCounters, Counters } from './counters.ts';
export {
  createDrain,
  type Drain,
  type DrainCounters,
  type DrainOptions,
  type SendOutcome,
} from './drain.ts';
export { MAX_DEAD_LETTERS, type TakeOptions } from './escalations.ts';
export {
  CARRIED_CLASSES,
  type CarriedClass,
  DEFAULT_TTL_MS,
  MAX_MESSAGE_BYTES,
  MESSAGE_CLASSES,
  type Message,
  type MessageClass,
  type NewMessage,
  type NewRow,
  type RefusalReason,
  type WaitingRow,
  type WriteFailure,
} from './message.ts';
export type { MessageRef, PutOutcome, TakeMessagesOptions } from './messages.ts';
export type { Recovery } from './open-database.ts';
export {
  DEFAULT_OUTBOX_BYTES,
  type Outbox,
  type OutboxOptions,
  type OutboxSnapshot,
  openOutbox,
} from './outbox.ts';
export { MIN_OUTBOX_BYTES } from './storage-budget.ts';
export { OutboxError } from './write-error.ts';
