// What escalation must still know after a crash: answers on their way to the broker, and
// what was spent of the budgets.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InputError } from '@dandan/shared/error';
import type { Spending } from './spending.ts';

/** Raised when an older program could misread the file. */
const STATE_SCHEMA = 1;

const TABLES = `
CREATE TABLE answer (id TEXT PRIMARY KEY, prediction TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE spending (one INTEGER PRIMARY KEY CHECK (one = 1), value TEXT NOT NULL) STRICT;
`;

export interface StoredAnswer {
  /** Id of the prediction. */
  readonly id: string;
  /** The final prediction as JSON, as it is published. */
  readonly prediction: string;
}

export interface EscalationState {
  readonly answers: readonly StoredAnswer[];
  /** Durable when it returns, power cuts included. */
  keepAnswers(answers: readonly StoredAnswer[]): void;
  forgetAnswers(ids: readonly string[]): void;
  readonly spending: Spending | undefined;
  /** Survives the end of the process when it returns; a power cut may take what is newer than the last answer. */
  saveSpending(spending: Spending): void;
  close(): void;
}

function unusable(file: string, allowed: string, cause?: unknown): InputError {
  return new InputError('escalation-state-unusable', `Cannot use the file ${file}`, {
    field: 'escalation.stateFile',
    value: file,
    allowed,
    cause,
  });
}

function prepare(database: DatabaseSync, file: string): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
  database.exec('PRAGMA journal_size_limit = 1048576');
  database.exec('BEGIN IMMEDIATE');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > STATE_SCHEMA) {
    throw unusable(file, `schema ${STATE_SCHEMA}; the file was written by a newer program`);
  }
  if (version === 0) database.exec(`${TABLES}; PRAGMA user_version = ${STATE_SCHEMA}`);
  database.exec('COMMIT');
}

function open(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (file !== ':memory:') {
      mkdirSync(dirname(file), { recursive: true });
      closeSync(openSync(file, 'a', 0o600));
    }
    database = new DatabaseSync(file);
    prepare(database, file);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof InputError) throw cause;
    throw unusable(
      file,
      'a writable place that no other gateway uses; move a damaged file away',
      cause,
    );
  }
}

/**
 * Opens or creates the file, readable by its owner only; `:memory:` keeps nothing.
 *
 * @throws {InputError} `escalation-state-unusable`.
 */
export function openEscalationState(file: string): EscalationState {
  const database = open(file);
  const keep = database.prepare('INSERT OR IGNORE INTO answer (id, prediction) VALUES (?, ?)');
  const forget = database.prepare('DELETE FROM answer WHERE id = ?');
  const save = database.prepare('INSERT OR REPLACE INTO spending (one, value) VALUES (1, ?)');

  function transact(durable: boolean, work: () => void): void {
    // NORMAL writes without waiting for the disk: a kill loses nothing, a power cut the tail.
    database.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}; BEGIN IMMEDIATE`);
    try {
      work();
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    get answers() {
      // Written by this program: the columns are those of StoredAnswer.
      return database
        .prepare('SELECT id, prediction FROM answer')
        .all() as unknown as StoredAnswer[];
    },
    keepAnswers: (answers) =>
      transact(true, () => {
        for (const { id, prediction } of answers) keep.run(id, prediction);
      }),
    forgetAnswers: (ids) =>
      transact(false, () => {
        for (const id of ids) forget.run(id);
      }),
    get spending() {
      const row = database.prepare('SELECT value FROM spending').get() as
        | { value: string }
        | undefined;
      return row === undefined ? undefined : (JSON.parse(row.value) as Spending);
    },
    saveSpending: (spending) => transact(false, () => save.run(JSON.stringify(spending))),
    close: () => database.close(),
  };
}
