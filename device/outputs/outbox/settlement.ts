// Ends of sent messages, written to disk together: one fsync instead of one per acknowledgement.
import type { Logger } from '../../log/index.ts';
import type { Message } from './message.ts';
import type { Messages } from './messages.ts';
import { OutboxError } from './write-error.ts';

/** Ends written at once; what comes later waits for as many, or for the flush. */
export const SETTLE_ROWS = 64;

export interface Settlement {
  /** Messages that have come to their end but are on disk still, by `seq`. */
  readonly unwritten: ReadonlySet<number>;
  acknowledge(message: Message): void;
  refuse(message: Message, reason: string): void;
  /** Writes all ends. What the disk does not take now stays for the next flush. @returns false then. */
  flush(): boolean;
}

export function createSettlement(
  outbox: Pick<Messages, 'acknowledge' | 'refuse'>,
  log: Logger,
): Settlement {
  const unwritten = new Set<number>();
  let acknowledged: Message[] = [];
  let refused: { message: Message; reason: string }[] = [];

  function write(): void {
    outbox.acknowledge(acknowledged);
    for (const { seq } of acknowledged) unwritten.delete(seq);
    acknowledged = [];
    while (refused.length > 0) {
      const [{ message, reason }] = refused;
      outbox.refuse([message], reason);
      unwritten.delete(message.seq);
      refused = refused.slice(1);
    }
  }

  function flush(): boolean {
    try {
      write();
      return true;
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
      log.error('outbox-write-failed', { reason: error.message, messages: unwritten.size });
      return false;
    }
  }

  function note(message: Message): void {
    unwritten.add(message.seq);
    if (unwritten.size % SETTLE_ROWS === 0) flush();
  }

  return {
    unwritten,
    acknowledge(message) {
      acknowledged.push(message);
      note(message);
    },
    refuse(message, reason) {
      refused.push({ message, reason });
      note(message);
    },
    flush,
  };
}
