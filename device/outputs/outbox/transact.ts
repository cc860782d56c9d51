// Transactions whose effects on memory happen only once they are on disk.
import type { DatabaseSync } from 'node:sqlite';
import { toOutboxError } from './write-error.ts';

/** Notes what to change in memory after the commit. */
export type AfterCommit = (effect: () => void) => void;

export type Transact = <T>(work: (afterCommit: AfterCommit) => T) => T;

/**
 * Transactions of one database. `beforeBegin` may refuse.
 *
 * @throws {OutboxError} nothing of the transaction was kept, on disk or in memory.
 */
export function createTransact(database: DatabaseSync, beforeBegin: () => void): Transact {
  return function transact(work) {
    const effects: (() => void)[] = [];
    try {
      beforeBegin();
      database.exec('BEGIN IMMEDIATE');
      const result = work((effect) => effects.push(effect));
      database.exec('COMMIT');
      for (const effect of effects) effect();
      return result;
    } catch (error) {
      // SQLite rolls back by itself after some errors; a second rollback would hide the first.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw toOutboxError(error);
    }
  };
}
