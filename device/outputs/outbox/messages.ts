// Messages that wait for their receiver's acknowledgement: predictions, audits, telemetry summaries.
import { crc32 } from 'node:zlib';
import { toChunks } from './chunks.ts';
import { DAMAGED, MAX_DEAD_LETTERS } from './escalations.ts';
import type { Eviction } from './eviction.ts';
import {
  CARRIED_CLASSES,
  type CarriedClass,
  MAX_MESSAGE_BYTES,
  type Message,
  type NewMessage,
  type RefusalReason,
  type WaitingRow,
} from './message.ts';
import {
  createMessageStatements,
  lastMessageSeq,
  type MessageRecord,
} from './message-statements.ts';
import type { Store } from './store.ts';
import { OutboxError } from './write-error.ts';

export interface PutOutcome {
  /** Now on disk. */
  readonly added: number;
  /** Waited already. */
  readonly repeated: number;
  /** Not kept; the caller still has them and may count, tell, or put them again. */
  readonly refused: readonly { readonly message: NewMessage; readonly reason: RefusalReason }[];
}

export interface TakeMessagesOptions {
  /** @default {all} */
  readonly classes?: readonly CarriedClass[];
  readonly limit: number;
  /** Messages to pass over, by `seq`. */
  readonly except?: ReadonlySet<number>;
}

/** What names a message that was taken. */
export type MessageRef = Pick<Message, 'class' | 'seq'>;

export interface Messages {
  /** Keeps messages, durably once it returns. Never throws for what the disk does. */
  put(messages: readonly NewMessage[]): PutOutcome;
  /** By priority, oldest first. Messages that the disk has damaged become dead letters instead. */
  takeMessages(options: TakeMessagesOptions): Message[];
  /** Deletes what the receiver has acknowledged. @throws {OutboxError} they wait still. */
  acknowledge(messages: readonly MessageRef[]): void;
  /** Deletes what has reached its receiver by another way, by id. @throws {OutboxError} */
  acknowledgeIds(kind: CarriedClass, ids: readonly string[]): void;
  /** Moves what the receiver will never take to the dead letters. @throws {OutboxError} */
  refuse(messages: readonly MessageRef[], reason: string): void;
}

const sizeOf = ({ id, destination, payload }: NewMessage) =>
  Buffer.byteLength(id) + Buffer.byteLength(destination) + payload.byteLength;

const sumOf = (destination: string, payload: Uint8Array) => crc32(payload, crc32(destination));

export interface MessagesOptions {
  readonly store: Store;
  readonly eviction: Eviction;
  /** Told of escalations that expired on the way. */
  readonly onLost: (rows: readonly WaitingRow[]) => void;
}

export function createMessages({ store, eviction, onLost }: MessagesOptions): Messages {
  const { database, queues, transact, clock, budget, now, ttlMs } = store;
  const statements = Object.fromEntries(
    CARRIED_CLASSES.map((kind) => [kind, createMessageStatements(database, kind)]),
  ) as Record<CarriedClass, ReturnType<typeof createMessageStatements>>;
  const trim = database.prepare(
    `DELETE FROM dead_message WHERE seq <=
       (SELECT seq FROM dead_message ORDER BY seq DESC LIMIT 1 OFFSET ${MAX_DEAD_LETTERS})`,
  );
  let last = lastMessageSeq(database);

  /** @returns how many were new, or why none was kept. */
  function putChunk(kind: CarriedClass, items: readonly NewMessage[], bytes: number) {
    const lost: WaitingRow[] = [];
    try {
      if (!eviction.makeRoom(kind, budget.pagesFor(bytes, items.length), lost)) return 'no-room';
      return transact((afterCommit) => {
        let fresh = 0;
        const added = clock.now();
        for (const message of items) {
          const { id, destination, payload, created = now() } = message;
          const sum = sumOf(destination, payload);
          const { insert } = statements[kind];
          last++;
          const { changes } = insert.run(last, id, destination, payload, created, added, sum);
          fresh += Number(changes);
          if (changes) queues[kind].noteAdded(sizeOf(message), afterCommit);
        }
        return fresh;
      });
    } catch (error) {
      if (error instanceof OutboxError) return error.reason;
      throw error;
    } finally {
      if (lost.length > 0) onLost(lost);
    }
  }

  function leave(messages: readonly MessageRef[], reason?: string): void {
    const exit = reason === undefined ? 'delivered' : 'deadLettered';
    const sizeOfRef = ({ class: kind, seq }: MessageRef) => queues[kind].bytesOf(seq);
    for (const { items, bytes } of toChunks(messages, reason === undefined ? () => 0 : sizeOfRef)) {
      const pages = budget.pagesFor(bytes, items.length);
      const keep = reason !== undefined && eviction.makeRoom('telemetry', pages, []);
      transact((afterCommit) => {
        for (const { class: kind, seq } of items) {
          if (keep) statements[kind].bury.run(now(), reason, seq);
          queues[kind].remove(seq, exit, afterCommit);
        }
        if (keep) trim.run();
      });
    }
    budget.shrink(1);
  }

  /** A disk that takes no writes just now: they are passed over, and found again the next time. */
  function buryDamaged(damaged: readonly MessageRef[]): void {
    try {
      leave(damaged, DAMAGED);
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
    }
  }

  function putClass(kind: CarriedClass, messages: readonly NewMessage[]) {
    const { counters } = queues[kind];
    const refused: { message: NewMessage; reason: RefusalReason }[] = [];
    const refuse = (items: readonly NewMessage[], reason: RefusalReason) => {
      counters.refused += items.length;
      refused.push(...items.map((message) => ({ message, reason })));
    };
    const fits = (message: NewMessage) => sizeOf(message) <= MAX_MESSAGE_BYTES;
    refuse(
      messages.filter((message) => !fits(message)),
      'too-large',
    );
    let [added, repeated] = [0, 0];
    for (const { items, bytes } of toChunks(messages.filter(fits), sizeOf)) {
      const outcome = putChunk(kind, items, bytes);
      if (typeof outcome === 'string') {
        refuse(items, outcome);
        continue;
      }
      added += outcome;
      repeated += items.length - outcome;
    }
    counters.repeated += repeated;
    return { added, repeated, refused };
  }

  return {
    put(messages) {
      const outcomes = CARRIED_CLASSES.map((kind) =>
        putClass(
          kind,
          messages.filter((message) => message.class === kind),
        ),
      );
      return {
        added: outcomes.reduce((sum, { added }) => sum + added, 0),
        repeated: outcomes.reduce((sum, { repeated }) => sum + repeated, 0),
        refused: outcomes.flatMap(({ refused }) => refused),
      };
    },
    takeMessages({ classes = CARRIED_CLASSES, limit, except = new Set() }) {
      const taken: Message[] = [];
      const damaged: MessageRef[] = [];
      const time = clock.now();
      for (const kind of CARRIED_CLASSES) {
        if (!classes.includes(kind) || taken.length >= limit) continue;
        const wanted = limit + except.size;
        for (const found of statements[kind].select.iterate(time - ttlMs[kind], wanted)) {
          const { added, sum, ...rest } = found as unknown as MessageRecord;
          if (except.has(rest.seq)) continue;
          if (sumOf(rest.destination, rest.payload) !== sum) {
            damaged.push({ class: kind, seq: rest.seq });
            continue;
          }
          const ageMs = time - added;
          taken.push({ ...rest, class: kind, ageMs, expiresInMs: ttlMs[kind] - ageMs });
          if (taken.length === limit) break;
        }
      }
      buryDamaged(damaged);
      return taken;
    },
    acknowledge: (messages) => leave(messages),
    acknowledgeIds(kind, ids) {
      const found = ids.map((id) => statements[kind].find.get(id) as { seq: number } | undefined);
      leave(found.filter((one) => one !== undefined).map(({ seq }) => ({ class: kind, seq })));
    },
    refuse: leave,
  };
}
