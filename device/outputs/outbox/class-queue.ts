// The waiting rows of one class, oldest first, and how they leave.
import type { DatabaseSync } from 'node:sqlite';
import type { ClassCounters } from './counters.ts';
import type { MessageClass } from './message.ts';
import { TABLE_OF } from './tables.ts';
import type { AfterCommit } from './transact.ts';

/** What every row has, whatever its class. */
export interface Head {
  readonly seq: number;
  readonly bytes: number;
}

/** Ways out, as they are counted. */
export type Exit = 'delivered' | 'expired' | 'evicted' | 'deadLettered';

export interface ClassQueue {
  readonly kind: MessageClass;
  readonly counters: ClassCounters;
  /** Of the `limit` oldest rows those added at or before `until` by the outbox's time. */
  oldest(limit: number, until?: number): Head[];
  /** Size of a row, 0 where it has left. */
  bytesOf(seq: number): number;
  /** Deletes a row within a transaction. @returns false when it has left already. */
  remove(seq: number, exit: Exit, afterCommit: AfterCommit): boolean;
  /** Counts a row that the transaction inserts. */
  noteAdded(bytes: number, afterCommit: AfterCommit): void;
}

const BYTES: Readonly<Record<'escalation' | 'carried', string>> = {
  escalation:
    'octet_length(id) + octet_length(bundle) + octet_length(model) + octet_length(codes) + octet_length(prediction)',
  carried: 'octet_length(id) + octet_length(destination) + octet_length(payload)',
};

/** The queue of one class; counts what an earlier process left. */
export function createClassQueue(
  database: DatabaseSync,
  kind: MessageClass,
  counters: ClassCounters,
): ClassQueue {
  const table = TABLE_OF[kind];
  const bytes = BYTES[kind === 'escalation' ? 'escalation' : 'carried'];
  const oldest = database.prepare(
    // Time grows with seq, so the oldest few tell; a condition inside would search the whole table.
    `SELECT seq, bytes FROM (
       SELECT seq, added, ${bytes} AS bytes FROM ${table} ORDER BY seq LIMIT ?
     ) WHERE added <= ?`,
  );
  const sizeOf = database.prepare(`SELECT ${bytes} AS bytes FROM ${table} WHERE seq = ?`);
  const remove = database.prepare(`DELETE FROM ${table} WHERE seq = ? RETURNING ${bytes} AS bytes`);
  Object.assign(
    counters,
    database
      .prepare(`SELECT count(*) AS waiting, coalesce(sum(${bytes}), 0) AS bytes FROM ${table}`)
      .get(),
  );

  return {
    kind,
    counters,
    // node:sqlite gives plain records; the statement names the columns of Head.
    oldest: (limit, until = Number.MAX_SAFE_INTEGER) =>
      oldest.all(limit, until) as unknown as Head[],
    bytesOf: (seq) => (sizeOf.get(seq) as Head | undefined)?.bytes ?? 0,
    remove(seq, exit, afterCommit) {
      const left = remove.get(seq) as { bytes: number } | undefined;
      if (left === undefined) return false;
      afterCommit(() => {
        counters[exit]++;
        counters.waiting--;
        counters.bytes -= left.bytes;
      });
      return true;
    },
    noteAdded(size, afterCommit) {
      afterCommit(() => {
        counters.added++;
        counters.waiting++;
        counters.bytes += size;
      });
    },
  };
}
