// Remembers which escalations have come to their end, so that a journal that is read again after a
// crash neither adds nor answers them a second time.
import type { Store } from './store.ts';
import type { AfterCommit } from './transact.ts';

/** A journal holds minutes between checkpoints: 80 of them at ten escalations a second, 5 MB of memory. */
export const MAX_ANSWERED = 50_000;

/** Entries forgotten in one transaction: they lie side by side, on some 40 pages. */
const FORGET_ROWS = 2000;

export interface Answered {
  has(id: string): boolean;
  /** Remembers an id within a transaction; beyond the bound the oldest is forgotten. */
  remember(id: string, afterCommit: AfterCommit): void;
  /** Forgets what was remembered before a time of the outbox. @throws {OutboxError} */
  forget(before: number): void;
}

export function createAnswered({ database, transact, clock }: Store): Answered {
  const insert = database.prepare('INSERT INTO answered (id, at) VALUES (?, ?)');
  const trim = database.prepare('DELETE FROM answered WHERE seq <= ?');
  const oldest = database.prepare('SELECT seq, id FROM answered WHERE at < ? ORDER BY seq LIMIT ?');
  // In order of age, as the table: an index on disk would cost a page per entry written and forgotten.
  const ids = new Set<string>();
  for (const { id } of database.prepare('SELECT id FROM answered ORDER BY seq').iterate()) {
    ids.add(String(id));
  }

  function forgetSome(before: number): boolean {
    const entries = oldest.all(before, FORGET_ROWS) as { seq: number; id: string }[];
    const last = entries.at(-1);
    if (last === undefined) return false;
    transact((afterCommit) => {
      trim.run(last.seq);
      afterCommit(() => {
        for (const { id } of entries) ids.delete(id);
      });
    });
    return entries.length === FORGET_ROWS;
  }

  return {
    has: (id) => ids.has(id),
    remember(id, afterCommit) {
      if (ids.has(id)) return;
      // `seq` grows by one, so the bound needs no count.
      trim.run(Number(insert.run(id, clock.now()).lastInsertRowid) - MAX_ANSWERED);
      afterCommit(() => {
        ids.add(id);
        for (const first of ids) {
          if (ids.size <= MAX_ANSWERED) break;
          ids.delete(first);
        }
      });
    },
    forget(before) {
      while (forgetSome(before));
    },
  };
}
