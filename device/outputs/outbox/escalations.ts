// Rows that wait for the edge's answer. A row is here before the first try to escalate it and leaves
// only when its answer has reached the broker, when the edge refuses it for good, when it has expired,
// or, oldest first, when there is no room.
import { crc32 } from 'node:zlib';
import type { Answered } from './answered.ts';
import { type RowChunk, toChunks } from './chunks.ts';
import { EVICT_ROWS, type Eviction, ROW_COLUMNS } from './eviction.ts';
import { MAX_MESSAGE_BYTES, type NewRow, type WaitingRow } from './message.ts';
import type { Store } from './store.ts';
import { OutboxError } from './write-error.ts';

/** Dead letters are evidence for a person, not a queue: beyond it the oldest are dropped. */
export const MAX_DEAD_LETTERS = 10_000;

/** Why a row is a dead letter that no receiver has refused. */
export const DAMAGED = 'damaged on disk';

export interface TakeOptions {
  /** Rows whose own answer was published already, or rows that have none yet. */
  readonly announced: boolean;
  readonly limit: number;
  /** Rows to pass over, by `seq`. */
  readonly except: ReadonlySet<number>;
  /** Only rows added at or before this time. @default {any} */
  readonly createdUntil?: number;
  /** Only rows of this bundle. @default {any} */
  readonly bundle?: string | undefined;
}

export interface Escalations {
  /** Rows that wait. */
  readonly pending: number;
  /** Rows refused for good. */
  readonly deadLetters: number;
  /**
   * Adds rows, durably once it returns; passes over such as wait or were answered. Every 64 rows are
   * one transaction.
   *
   * @returns the rows given up: evicted for them, expired, or too large to be kept (`seq` 0).
   * @throws {OutboxError} the disk takes no writes; rows of finished transactions are kept.
   */
  add(rows: readonly NewRow[], options: { readonly announced: boolean }): WaitingRow[];
  /** Oldest rows first. Rows that the disk has damaged are buried instead. */
  take(options: TakeOptions): WaitingRow[];
  /** Rows by the ids of their predictions; what does not wait is left out. */
  find(ids: readonly string[]): WaitingRow[];
  /** Bundles that rows wait for. */
  bundles(): string[];
  /** Notes that the gateway's own answer to these rows was published. */
  markAnnounced(seqs: readonly number[]): void;
  /** Removes rows whose answer was delivered and remembers their ids as answered. */
  remove(seqs: readonly number[]): void;
  /** Moves rows to the dead letters; they count as answered, too. */
  bury(seqs: readonly number[], reason: string): void;
}

const sizeOf = ({ id, bundle, model, codes, prediction }: NewRow) =>
  Buffer.byteLength(id) +
  Buffer.byteLength(bundle) +
  Buffer.byteLength(model) +
  codes.byteLength +
  Buffer.byteLength(prediction);

const sumOf = ({ codes, prediction }: NewRow) => crc32(codes, crc32(prediction));

/** The row of a record, or `undefined` where the disk has damaged it. */
function soundRow(record: Record<string, unknown>): WaitingRow | undefined {
  const { sum, ...row } = record as unknown as WaitingRow & { sum: number | null };
  return sum === null || sum === sumOf(row) ? row : undefined;
}

export interface EscalationsOptions {
  readonly store: Store;
  readonly eviction: Eviction;
  readonly answered: Answered;
  readonly maxRows: number;
}

export function createEscalations(options: EscalationsOptions): Escalations {
  const { store, eviction, answered, maxRows } = options;
  const { database, transact, clock, budget, now } = store;
  const queue = store.queues.escalation;
  const { counters } = queue;
  const insert = database.prepare(
    `INSERT INTO waiting (id, bundle, model, codes, prediction, announced, created, added, sum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const select = database.prepare(
    `SELECT ${ROW_COLUMNS}, sum FROM waiting WHERE announced = ? AND created <= ? ORDER BY seq`,
  );
  const selectOfBundle = database.prepare(
    `SELECT ${ROW_COLUMNS}, sum FROM waiting
     WHERE announced = ? AND created <= ? AND bundle = ? ORDER BY seq`,
  );
  const byId = database.prepare(`SELECT ${ROW_COLUMNS}, sum FROM waiting WHERE id = ?`);
  const bundles = database.prepare('SELECT DISTINCT bundle FROM waiting');
  const oldest = database.prepare(`SELECT ${ROW_COLUMNS} FROM waiting ORDER BY seq LIMIT ?`);
  const announce = database.prepare('UPDATE waiting SET announced = 1 WHERE seq = ?');
  const idOf = database.prepare('SELECT id FROM waiting WHERE seq = ?');
  const bury = database.prepare(
    `INSERT INTO dead_letter
       (seq, id, bundle, model, codes, prediction, created, refused, reason)
     SELECT seq, id, bundle, model, codes, prediction, created, ?, ? FROM waiting WHERE seq = ?`,
  );
  const trim = database.prepare(
    `DELETE FROM dead_letter WHERE seq <=
       (SELECT seq FROM dead_letter ORDER BY seq DESC LIMIT 1 OFFSET ${MAX_DEAD_LETTERS})`,
  );
  const buried = database.prepare('SELECT count(*) AS n FROM dead_letter');

  /** The excess over `maxRows`, oldest first; after a lower setting, some of it with every chunk. */
  function evictRows(lost: WaitingRow[], afterCommit: (effect: () => void) => void, more: number) {
    const excess = Math.min(EVICT_ROWS, counters.waiting + more - maxRows);
    if (excess <= 0) return;
    for (const row of oldest.all(excess) as unknown as WaitingRow[]) {
      queue.remove(row.seq, 'evicted', afterCommit);
      afterCommit(() => lost.push(row));
    }
  }

  function addChunk({ items, bytes }: RowChunk<NewRow>, announced: 0 | 1, lost: WaitingRow[]) {
    if (!eviction.makeRoom('escalation', budget.pagesFor(bytes, items.length), lost)) return false;
    transact((afterCommit) => {
      let more = 0;
      const [created, added] = [now(), clock.now()];
      for (const row of items) {
        const { id, bundle, model, codes, prediction } = row;
        const values = [id, bundle, model, codes, prediction, announced, created, added];
        if (!answered.has(id) && insert.run(...values, sumOf(row)).changes) {
          more++;
          queue.noteAdded(sizeOf(row), afterCommit);
        } else afterCommit(() => counters.repeated++);
      }
      evictRows(lost, afterCommit, more);
    });
    return true;
  }

  /** Rows reach their end; with a `reason` they become dead letters, where there is room for them. */
  function leave(seqs: readonly number[], reason?: string): void {
    const exit = reason === undefined ? 'delivered' : 'deadLettered';
    for (const { items, bytes } of toChunks(seqs, reason === undefined ? () => 0 : queue.bytesOf)) {
      const pages = budget.pagesFor(bytes, items.length);
      const keep = reason !== undefined && eviction.makeRoom('telemetry', pages, []);
      transact((afterCommit) => {
        for (const seq of items) {
          const row = idOf.get(seq) as { id: string } | undefined;
          if (row === undefined) continue;
          answered.remember(row.id, afterCommit);
          if (keep) bury.run(now(), reason, seq);
          queue.remove(seq, exit, afterCommit);
        }
        if (keep) trim.run();
      });
    }
    budget.shrink(1);
  }

  return {
    get pending() {
      return counters.waiting;
    },
    get deadLetters() {
      return (buried.get() as { n: number }).n;
    },
    add(rows, { announced }) {
      const lost: WaitingRow[] = [];
      const flag = announced ? 1 : 0;
      const giveUp = (items: readonly NewRow[]) => {
        counters.refused += items.length;
        lost.push(...items.map((row) => ({ ...row, seq: 0, announced: flag }) as const));
      };
      const fitting = rows.filter((row) => sizeOf(row) <= MAX_MESSAGE_BYTES);
      giveUp(rows.filter((row) => sizeOf(row) > MAX_MESSAGE_BYTES));
      for (const chunk of toChunks(fitting, sizeOf)) {
        if (!addChunk(chunk, flag, lost)) giveUp(chunk.items);
      }
      return lost;
    },
    find: (ids) =>
      ids.flatMap((id) => {
        const record = byId.get(id);
        return record === undefined ? [] : (soundRow(record) ?? []);
      }),
    bundles: () => bundles.all().map(({ bundle }) => String(bundle)),
    take({ announced, limit, except, createdUntil = Number.MAX_SAFE_INTEGER, bundle }) {
      const taken: WaitingRow[] = [];
      const damaged: number[] = [];
      if (limit <= 0) return taken;
      const flag = Number(announced);
      const records =
        bundle === undefined
          ? select.iterate(flag, createdUntil)
          : selectOfBundle.iterate(flag, createdUntil, bundle);
      for (const record of records) {
        const seq = Number(record.seq);
        if (except.has(seq)) continue;
        const row = soundRow(record);
        if (row === undefined) damaged.push(seq);
        else if (taken.push(row) === limit) break;
      }
      try {
        leave(damaged, DAMAGED);
      } catch (error) {
        // A disk that takes no writes just now: they are passed over, and found again the next time.
        if (!(error instanceof OutboxError)) throw error;
      }
      return taken;
    },
    markAnnounced(seqs) {
      for (const { items } of toChunks(seqs, () => 0)) {
        transact(() => {
          for (const seq of items) announce.run(seq);
        });
      }
    },
    remove: (seqs) => leave(seqs),
    bury: leave,
  };
}
