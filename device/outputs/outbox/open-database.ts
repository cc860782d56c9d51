// How the outbox file is opened: locked, durable, checked, brought to the present schema, and mended
// where it is damaged, because a gateway that does not start answers nobody.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { InputError } from '@dandan/shared/error';
import { moveAside } from './move-aside.ts';
import { salvage } from './salvage.ts';
import { CHECKPOINT_FRAMES, PAGE_BYTES } from './storage-budget.ts';
import { migrationFrom, OUTBOX_SCHEMA, TABLES } from './tables.ts';
import { isDamage, OutboxError } from './write-error.ts';

/** A statement that does not fit the tables. */
const SQLITE_ERROR = 1;

/** A damaged file was replaced. A person should know: rows may be lost and the disk may be failing. */
export interface Recovery {
  /** Where the damaged file lies now. */
  readonly movedTo: string;
  /** Rows read from it into the new file. */
  readonly salvaged: number;
  readonly reason: string;
}

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  readonly recovery: Recovery | undefined;
}

function unusable(file: string, allowed: string, cause?: unknown): InputError {
  return new InputError('outbox-unusable', `Cannot use the outbox ${file}`, {
    field: 'outbox.file',
    value: file,
    allowed,
    cause,
  });
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/** Free pages can be given back only in a file written so from the start; an older one is rewritten. */
function allowShrinking(database: DatabaseSync): void {
  if (pragma(database, 'auto_vacuum') === 2) return;
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // No room for a second copy: the file works as it is, and the next start tries again.
  }
}

/** Tables that are missing, or there where they should not be: not an outbox, or none any more. */
function orDamaged(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_ERROR) throw error;
    throw new OutboxError('damaged', (error as Error).message, error);
  }
}

function migrate(database: DatabaseSync, version: number): void {
  orDamaged(() => database.exec(migrationFrom(version)));
}

function checkTables(database: DatabaseSync): void {
  orDamaged(() => {
    for (const table of TABLES) database.prepare(`SELECT * FROM ${table} LIMIT 0`).all();
  });
}

function prepare(database: DatabaseSync, file: string): void {
  // Exclusive: a second gateway on one file would answer every row twice.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  // Only for a new file: in an old one it would write, which a full disk does not take.
  if (pragma(database, 'page_count') === 0) {
    database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL`);
  }
  database.exec('PRAGMA journal_mode = WAL');
  // Gateways lose power; NORMAL would survive a kill but not that. Group commits keep
  // the price at one fsync per micro-batch.
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_FRAMES}`);
  // A log that a failed checkpoint let grow shrinks back.
  database.exec(`PRAGMA journal_size_limit = ${2 * CHECKPOINT_FRAMES * PAGE_BYTES}`);
  const found = pragma(database, 'quick_check(1)');
  if (found !== 'ok') throw new OutboxError('damaged', String(found));
  database.exec('BEGIN IMMEDIATE');
  const version = Number(pragma(database, 'user_version'));
  if (version > OUTBOX_SCHEMA) {
    throw unusable(file, `schema ${OUTBOX_SCHEMA}; the file was written by a newer program`);
  }
  if (version < OUTBOX_SCHEMA) migrate(database, version);
  database.exec('COMMIT');
  checkTables(database);
  allowShrinking(database);
}

function open(file: string): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600));
  // psow=0: a cut while flash writes may spoil a whole sector, also bytes in it that were fsynced before.
  // So SQLite fills the log up to a sector's end in each transaction, 4 kB more of writing at most.
  const location = pathToFileURL(file);
  location.searchParams.set('psow', '0');
  const database = new DatabaseSync(location);
  try {
    prepare(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Where the replacement of a damaged file is built. */
const mendingOf = (file: string) => `${file}.mending`;

function openOrMend(file: string, now: () => number): OpenedDatabase {
  if (!existsSync(file) && existsSync(mendingOf(file))) renameSync(mendingOf(file), file);
  try {
    return { database: open(file), recovery: undefined };
  } catch (error) {
    if (!isDamage(error)) throw error;
    // The new file is whole before the damaged one gives way: a cut in between starts over, or goes on.
    const mending = mendingOf(file);
    for (const name of [mending, `${mending}-wal`]) rmSync(name, { force: true });
    const mended = open(mending);
    const salvaged = salvage(file, mended);
    mended.close();
    const movedTo = moveAside(file, now());
    renameSync(mending, file);
    const { message: reason } = error as Error;
    return { database: open(file), recovery: { movedTo, salvaged, reason } };
  }
}

/**
 * Opens or creates an outbox file, readable by its owner only. A damaged file is moved aside and
 * what can be read of it is taken over.
 *
 * @throws {InputError} `outbox-unusable`: no access, used by another process, or newer.
 */
export function openDatabase(file: string, now: () => number): OpenedDatabase {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openOrMend(file, now);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const locked = /locked|busy/i.test((cause as Error).message);
    const allowed = locked
      ? 'a file that no other gateway uses'
      : 'a writable place with room left';
    throw unusable(file, allowed, cause);
  }
}
