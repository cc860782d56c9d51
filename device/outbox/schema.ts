// Tables of the outbox file and how the file is opened.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InputError } from '@dandan/shared/error';

/** Raised when an older program could misread the file. */
const OUTBOX_SCHEMA = 1;

/**
 * `seq` orders rows by age and is never reused. `announced`: the gateway's own answer
 * was published in place of the edge's.
 */
const TABLES = `
CREATE TABLE waiting (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  bundle TEXT NOT NULL,
  model TEXT NOT NULL,
  codes BLOB NOT NULL,
  prediction TEXT NOT NULL,
  announced INTEGER NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX waiting_by_announced ON waiting (announced, seq);
CREATE TABLE dead_letter (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  bundle TEXT NOT NULL,
  model TEXT NOT NULL,
  codes BLOB NOT NULL,
  prediction TEXT NOT NULL,
  created INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
`;

function unusable(file: string, allowed: string, cause?: unknown): InputError {
  return new InputError('outbox-unusable', `Cannot use the outbox ${file}`, {
    field: 'outbox.file',
    value: file,
    allowed,
    cause,
  });
}

function prepare(database: DatabaseSync, file: string): void {
  // Exclusive: a second gateway on one file would answer every row twice.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  database.exec('PRAGMA journal_mode = WAL');
  // Gateways lose power; NORMAL would survive a kill but not that. Group commits keep
  // the price at one fsync per micro-batch.
  database.exec('PRAGMA synchronous = FULL');
  // After a long outage the log shrinks back to 16 MB instead of keeping its largest size.
  database.exec('PRAGMA journal_size_limit = 16777216');
  database.exec('BEGIN IMMEDIATE');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > OUTBOX_SCHEMA) {
    throw unusable(file, `schema ${OUTBOX_SCHEMA}; the file was written by a newer program`);
  }
  if (version === 0) database.exec(`${TABLES}; PRAGMA user_version = ${OUTBOX_SCHEMA}`);
  database.exec('COMMIT');
}

/**
 * Opens or creates an outbox file, readable by its owner only.
 *
 * @throws {InputError} `outbox-unusable`: no access, used by another process, damaged or newer.
 */
export function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    closeSync(openSync(file, 'a', 0o600));
    database = new DatabaseSync(file);
    prepare(database, file);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof InputError) throw cause;
    const locked = /locked|busy/i.test((cause as Error).message);
    throw unusable(
      file,
      locked ? 'a file that no other gateway uses' : 'a writable place; move a damaged file away',
      cause,
    );
  }
}
