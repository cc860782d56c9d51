// Rows that wait for the edge's answer, on disk. A row is here before the first try to
// escalate it and leaves only when its answer has reached the broker, when the edge
// refuses it for good, or, oldest first, when there is no room.
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './schema.ts';

/** Dead letters are evidence for a person, not a queue: beyond it the oldest are dropped. */
export const MAX_DEAD_LETTERS = 10_000;

export interface NewRow {
  /** Id of the prediction; a row that waits already is not added again. */
  readonly id: string;
  /** SHA-256 of the bundle. */
  readonly bundle: string;
  readonly model: string;
  /** The quantised row as it travels. */
  readonly codes: Uint8Array;
  /** The gateway's own prediction as JSON. */
  readonly prediction: string;
}

export interface WaitingRow extends NewRow {
  readonly seq: number;
  /** 1: the gateway's own answer was published. */
  readonly announced: 0 | 1;
}

export interface TakeOptions {
  /** Rows whose own answer was published already, or rows that have none yet. */
  readonly announced: boolean;
  readonly limit: number;
  /** Rows to pass over, by `seq`. */
  readonly except: ReadonlySet<number>;
  /** Only rows added at or before this time. @default {any} */
  readonly createdUntil?: number;
}

export interface OutboxOptions {
  readonly file: string;
  /** Most rows that may wait; beyond it the oldest are evicted. */
  readonly maxRows: number;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

export interface Outbox {
  /** Rows that wait. */
  readonly pending: number;
  /** Rows refused for good. */
  readonly deadLetters: number;
  /** Adds rows in one durable transaction; returns the rows evicted for them. */
  add(rows: readonly NewRow[], options: { readonly announced: boolean }): WaitingRow[];
  /** Oldest rows first. */
  take(options: TakeOptions): WaitingRow[];
  /** Notes that the gateway's own answer to these rows was published. */
  markAnnounced(seqs: readonly number[]): void;
  remove(seqs: readonly number[]): void;
  /** Moves rows to the dead letters. */
  bury(seqs: readonly number[], reason: string): void;
  close(): void;
}

/** Runs `work` in one transaction. */
function transact<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function countOf(database: DatabaseSync, table: 'waiting' | 'dead_letter'): number {
  return (database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
}

/**
 * Opens the outbox; rows of an earlier process are there.
 *
 * @throws {InputError} `outbox-unusable`.
 */
export function openOutbox(options: OutboxOptions): Outbox {
  const { file, maxRows, now = Date.now } = options;
  const database = openDatabase(file);
  const columns = 'seq, id, bundle, model, codes, prediction, announced';
  const insert = database.prepare(
    `INSERT INTO waiting (id, bundle, model, codes, prediction, announced, created)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const oldest = database.prepare(`SELECT ${columns} FROM waiting ORDER BY seq LIMIT ?`);
  const select = database.prepare(
    `SELECT ${columns} FROM waiting WHERE announced = ? AND created <= ? ORDER BY seq`,
  );
  const announce = database.prepare('UPDATE waiting SET announced = 1 WHERE seq = ?');
  const remove = database.prepare('DELETE FROM waiting WHERE seq = ?');
  const bury = database.prepare(
    `INSERT INTO dead_letter SELECT seq, id, bundle, model, codes, prediction, created, ?, ?
     FROM waiting WHERE seq = ?`,
  );
  const trim = database.prepare(
    'DELETE FROM dead_letter WHERE seq IN (SELECT seq FROM dead_letter ORDER BY seq LIMIT ?)',
  );
  let pending = countOf(database, 'waiting');
  let deadLetters = countOf(database, 'dead_letter');

  const removeOne = (seq: number) => {
    pending -= Number(remove.run(seq).changes);
  };
  const evict = (excess: number): WaitingRow[] => {
    if (excess <= 0) return [];
    // node:sqlite gives plain records; the statement names the columns of WaitingRow.
    const rows = oldest.all(excess) as unknown as WaitingRow[];
    for (const { seq } of rows) removeOne(seq);
    return rows;
  };

  return {
    get pending() {
      return pending;
    },
    get deadLetters() {
      return deadLetters;
    },
    add: (rows, { announced }) =>
      transact(database, () => {
        const created = now();
        for (const { id, bundle, model, codes, prediction } of rows) {
          const values = [id, bundle, model, codes, prediction, Number(announced), created];
          pending += Number(insert.run(...values).changes);
        }
        return evict(pending - maxRows);
      }),
    take({ announced, limit, except, createdUntil = Number.MAX_SAFE_INTEGER }) {
      const taken: WaitingRow[] = [];
      if (limit <= 0) return taken;
      for (const record of select.iterate(Number(announced), createdUntil)) {
        const row = record as unknown as WaitingRow;
        if (except.has(row.seq)) continue;
        taken.push(row);
        if (taken.length === limit) break;
      }
      return taken;
    },
    markAnnounced(seqs) {
      if (seqs.length > 0) {
        transact(database, () => {
          for (const seq of seqs) announce.run(seq);
        });
      }
    },
    remove(seqs) {
      if (seqs.length > 0) transact(database, () => seqs.forEach(removeOne));
    },
    bury(seqs, reason) {
      transact(database, () => {
        const refused = now();
        for (const seq of seqs) {
          deadLetters += Number(bury.run(refused, reason, seq).changes);
          removeOne(seq);
        }
        const excess = deadLetters - MAX_DEAD_LETTERS;
        if (excess > 0) deadLetters -= Number(trim.run(excess).changes);
      });
    },
    close: () => database.close(),
  };
}
