// Reads what can still be read of a damaged outbox into a new one.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { TRANSACTION_ROWS } from './storage-budget.ts';
import { TABLES } from './tables.ts';

/** Steps over an unreadable part double, so that 62 of them reach any row. */
const MAX_STEPS = 62;

type Row = Record<string, SQLInputValue>;

function columnsOf(database: DatabaseSync, table: string): string[] {
  const columns = database.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[];
  return columns.map(({ name }) => name);
}

/** Rows of a table in order, passing over parts that cannot be read. */
function* readableRows(database: DatabaseSync, table: string, columns: string[]): Generator<Row> {
  const [key] = columns;
  const select = database.prepare(
    `SELECT ${columns.join(', ')} FROM ${table} WHERE ${key} > ? ORDER BY ${key}`,
  );
  let last = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    try {
      const from = Math.min(Number.MAX_SAFE_INTEGER, last + (step === 0 ? 0 : 2 ** (step - 1)));
      for (const row of select.iterate(from)) {
        yield row as Row;
        last = Number((row as Row)[key]);
        step = 0;
      }
      return;
    } catch {
      // Damaged here: further on there may be more.
    }
  }
}

function copyTable(from: DatabaseSync, to: DatabaseSync, table: string): number {
  const known = columnsOf(from, table);
  const columns = columnsOf(to, table).filter((name) => known.includes(name));
  if (columns.length === 0) return 0;
  const places = columns.map(() => '?').join(', ');
  const insert = to.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${places})`,
  );
  let copied = 0;
  to.exec('BEGIN IMMEDIATE');
  try {
    for (const row of readableRows(from, table, columns)) {
      try {
        copied += Number(insert.run(...columns.map((name) => row[name])).changes);
      } catch (error) {
        // A value of the wrong type is damage, too; a disk without room is not.
        if (!to.isTransaction) throw error;
      }
      if (copied % TRANSACTION_ROWS === 0) to.exec('COMMIT; BEGIN IMMEDIATE');
    }
  } finally {
    if (to.isTransaction) to.exec('COMMIT');
  }
  return copied;
}

/**
 * Copies rows from the damaged `file` to `target`, which has the present schema.
 *
 * @returns the number of rows that are there now; 0 where nothing can be read.
 */
export function salvage(file: string, target: DatabaseSync): number {
  let salvaged = 0;
  let source: DatabaseSync | undefined;
  try {
    source = new DatabaseSync(file, { defensive: false });
    // A file cut short is refused as a whole unless its schema may be damaged, too.
    source.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA writable_schema = ON');
    // One fsync at the end: the copy counts only once it is whole.
    target.exec('PRAGMA synchronous = OFF');
    for (const table of TABLES) salvaged += copyTable(source, target, table);
  } catch {
    // What was read so far is all there is.
  }
  try {
    source?.close();
  } catch {
    // A damaged log cannot be put into its database; both stay as they are.
  }
  target.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)');
  return salvaged;
}
