// What the sides of the outbox share: one open database with its budget, clock, queues and counters.
import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type ClassQueue, createClassQueue } from './class-queue.ts';
import { type Counters, createCounters } from './counters.ts';
import { MESSAGE_CLASSES, type MessageClass } from './message.ts';
import { openDatabase, type Recovery } from './open-database.ts';
import { type ClockState, createOutboxClock, type OutboxClock } from './outbox-clock.ts';
import { createStorageBudget, type StorageBudget } from './storage-budget.ts';
import { TABLE_OF } from './tables.ts';
import { createTransact, type Transact } from './transact.ts';

/** The clock is on disk this often at least while something is written; a power cut loses no more of it. */
const SAVE_CLOCK_MS = 60_000;

export interface StoreOptions {
  readonly file: string;
  readonly maxBytes: number;
  readonly ttlMs: Readonly<Record<MessageClass, number>>;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly boot: string;
}

export interface Store {
  readonly database: DatabaseSync;
  readonly recovery: Recovery | undefined;
  readonly counters: Counters;
  readonly queues: Readonly<Record<MessageClass, ClassQueue>>;
  readonly budget: StorageBudget;
  readonly clock: OutboxClock;
  readonly ttlMs: Readonly<Record<MessageClass, number>>;
  readonly now: () => number;
  /** Also puts the clock on disk, once a minute. */
  readonly transact: Transact;
  /** Puts the clock on disk. @throws {OutboxError} */
  saveClock(): void;
}

/** Names the boot that the monotonic clock counts from; empty where the system does not tell. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Latest time that a file without a clock may carry, three centuries: beyond it, a bit has flipped. */
const LATEST_MS = 1e13;

/** The latest time that anything in the file carries; no later than what the saved clock allows for. */
function latestTime(database: DatabaseSync, saved: ClockState | undefined): number {
  const times = Object.values(TABLE_OF).map(
    (table) => `SELECT added AS at FROM (SELECT added FROM ${table} ORDER BY seq DESC LIMIT 1)`,
  );
  times.push('SELECT at FROM (SELECT at FROM answered ORDER BY seq DESC LIMIT 1)');
  const latest = `SELECT coalesce(max(at), 0) FROM (${times.join(' UNION ALL ')})`;
  const most = saved === undefined ? LATEST_MS : saved.ms + SAVE_CLOCK_MS;
  // Bounded by the statement, since node:sqlite throws at numbers that no clock reaches.
  const statement = database.prepare(`SELECT min((${latest}), ?) AS latest`);
  return (statement.get(most) as { latest: number }).latest;
}

/** Opens the file. @throws {InputError} `outbox-unusable`. */
export function openStore(options: StoreOptions): Store {
  const { file, maxBytes, ttlMs, now, monotonic, boot } = options;
  const { database, recovery } = openDatabase(file, now);
  const budget = createStorageBudget(database, { file, maxBytes });
  const saved = database.prepare('SELECT ms, wall, monotonic, boot FROM clock').get() as
    | ClockState
    | undefined;
  const clock = createOutboxClock({
    saved,
    floor: latestTime(database, saved),
    now,
    monotonic,
    boot,
  });
  const save = database.prepare(
    'INSERT OR REPLACE INTO clock (one, ms, wall, monotonic, boot) VALUES (1, ?, ?, ?, ?)',
  );
  const counters = createCounters();
  const queues = Object.fromEntries(
    MESSAGE_CLASSES.map((kind) => [kind, createClassQueue(database, kind, counters[kind])]),
  ) as Record<MessageClass, ClassQueue>;
  const begin = createTransact(database, budget.checkLog);
  let savedAt = Number.NEGATIVE_INFINITY;

  const transact: Transact = (work) =>
    begin((afterCommit) => {
      const state = clock.state();
      if (state.ms - savedAt >= SAVE_CLOCK_MS) {
        save.run(state.ms, state.wall, state.monotonic, state.boot);
        afterCommit(() => {
          savedAt = state.ms;
        });
      }
      return work(afterCommit);
    });

  return {
    database,
    recovery,
    counters,
    queues,
    budget,
    clock,
    ttlMs,
    now,
    transact,
    saveClock() {
      savedAt = Number.NEGATIVE_INFINITY;
      transact(() => {});
    },
  };
}
