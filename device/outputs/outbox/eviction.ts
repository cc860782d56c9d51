// Who gives way when the file is full: what has expired, then dead letters, then telemetry, audits,
// predictions and escalations, oldest first within a class, and never one of a higher class.
import { MESSAGE_CLASSES, type MessageClass, type WaitingRow } from './message.ts';
import { PAGE_BYTES } from './storage-budget.ts';
import type { Store } from './store.ts';

/** Rows that leave in one transaction: each changes a page of either tree, and the log has room for 512. */
export const EVICT_ROWS = 128;

/** Evicted at least, so that a full outbox pays for one more transaction every few hundred messages only. */
const EVICT_BYTES = 65_536;

export interface Eviction {
  /**
   * Frees `pages` for a message of `kind`.
   *
   * @param lost gets the escalations that left.
   * @returns false where that would take the room of a higher class.
   * @throws {OutboxError}
   */
  makeRoom(kind: MessageClass, pages: number, lost: WaitingRow[]): boolean;
  /** Removes what has expired, at most `rounds` times 128 rows of each class. @throws {OutboxError} */
  expire(lost: WaitingRow[], rounds: number): void;
}

/** Columns of {@linkcode WaitingRow}. */
export const ROW_COLUMNS = 'seq, id, bundle, model, codes, prediction, announced';

export function createEviction(store: Store): Eviction {
  const { database, transact, queues, budget, clock, ttlMs } = store;
  const row = database.prepare(`SELECT ${ROW_COLUMNS} FROM waiting WHERE seq = ?`);
  const buried = ['dead_message', 'dead_letter'].map((table) =>
    database.prepare(
      `DELETE FROM ${table} WHERE seq IN (SELECT seq FROM ${table} ORDER BY seq LIMIT ?)`,
    ),
  );

  function giveUp(
    kind: MessageClass,
    seqs: readonly number[],
    exit: 'expired' | 'evicted',
    lost: WaitingRow[],
  ): void {
    transact((afterCommit) => {
      for (const seq of seqs) {
        const left = kind === 'escalation' ? row.get(seq) : undefined;
        queues[kind].remove(seq, exit, afterCommit);
        // The statement names the columns of WaitingRow.
        if (left) afterCommit(() => lost.push(left as unknown as WaitingRow));
      }
    });
  }

  function expireSome(kind: MessageClass, lost: WaitingRow[]): boolean {
    const expired = queues[kind].oldest(EVICT_ROWS, clock.now() - ttlMs[kind]);
    if (expired.length === 0) return false;
    giveUp(
      kind,
      expired.map(({ seq }) => seq),
      'expired',
      lost,
    );
    return true;
  }

  function evictSome(kind: MessageClass, bytes: number, lost: WaitingRow[]): boolean {
    const seqs: number[] = [];
    let freed = 0;
    for (const head of queues[kind].oldest(EVICT_ROWS)) {
      if (freed >= bytes) break;
      seqs.push(head.seq);
      freed += head.bytes;
    }
    if (seqs.length > 0) giveUp(kind, seqs, 'evicted', lost);
    return seqs.length > 0;
  }

  function dropDeadLetters(): boolean {
    return buried.some((statement) =>
      transact(() => Number(statement.run(EVICT_ROWS).changes) > 0),
    );
  }

  return {
    makeRoom(kind, pages, lost) {
      const below = MESSAGE_CLASSES.slice(MESSAGE_CLASSES.indexOf(kind)).toReversed();
      for (let room = budget.room(); room < pages; room = budget.room()) {
        const bytes = Math.max(EVICT_BYTES, (pages - room) * PAGE_BYTES);
        const done =
          MESSAGE_CLASSES.some((one) => expireSome(one, lost)) ||
          dropDeadLetters() ||
          below.some((one) => evictSome(one, bytes, lost));
        if (!done) return false;
      }
      return true;
    },
    expire(lost, rounds) {
      for (const kind of MESSAGE_CLASSES) {
        for (let round = 0; round < rounds && expireSome(kind, lost); round++);
      }
    },
  };
}
