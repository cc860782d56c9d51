// One process owns a store at a time. The lock is the operating system's, by SQLite, so that it
// ends with its process however that ends.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Holds the lock until it is disposed of. */
export type StoreLock = Disposable;

/** A database that nobody names any more is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/** @returns `undefined` where another process, such as the running gateway, holds it. */
export function lockStore(folder: string): StoreLock | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (/locked|busy/i.test((error as Error).message)) return undefined;
    throw error;
  }
  held.add(database);
  return {
    [Symbol.dispose]() {
      if (held.delete(database)) database.close();
    },
  };
}
