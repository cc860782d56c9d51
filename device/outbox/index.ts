export {
  MAX_DEAD_LETTERS,
  type NewRow,
  type Outbox,
  type OutboxOptions,
  openOutbox,
  type TakeOptions,
  type WaitingRow,
} from './outbox.ts';
