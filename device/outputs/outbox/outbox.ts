// The gateway's store and forward: everything that must reach someone who is away, in one bounded file
// that survives kills, power cuts, full disks and clocks that jump.
import { createAnswered } from './answered.ts';
import type { Counters } from './counters.ts';
import { createEscalations, type Escalations } from './escalations.ts';
import { createEviction } from './eviction.ts';
import { DEFAULT_TTL_MS, type MessageClass, type WaitingRow } from './message.ts';
import { createMessages, type Messages } from './messages.ts';
import type { Recovery } from './open-database.ts';
import { MIN_OUTBOX_BYTES } from './storage-budget.ts';
import { openStore, readBootId } from './store.ts';
import { OutboxError, toOutboxError } from './write-error.ts';

/** 256 MB: six days of one prediction a second; flash of a gateway has 4 GB at least. */
export const DEFAULT_OUTBOX_BYTES = 256_000_000;

/** Transactions of 128 rows of each class, and of 128 pages given back, in one sweep: a fraction of a second. */
const SWEEP_ROUNDS = 16;

export interface OutboxOptions {
  readonly file: string;
  /** Most escalations that may wait; beyond it the oldest are evicted. */
  readonly maxRows: number;
  /** Most bytes of the files on disk, the log included, at least 8 MB. @default {256_000_000} */
  readonly maxBytes?: number;
  /** How long what waits is of use, by class, milliseconds. @default {DEFAULT_TTL_MS} */
  readonly ttlMs?: Partial<Readonly<Record<MessageClass, number>>>;
  /** Wall clock, milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
  /** Clock that is never set, milliseconds. @default {process.hrtime} */
  readonly monotonic?: () => number;
  /** Names the boot that `monotonic` counts from; empty: unknown. @default {the kernel's boot id} */
  readonly boot?: string;
  /** Told of escalations that expired while messages were put, or did not fit at the start. @default {nobody} */
  readonly onLost?: (rows: readonly WaitingRow[]) => void;
}

/** Plain integers, for metrics. */
export interface OutboxSnapshot extends Readonly<Counters> {
  /** Bytes of the files on disk. */
  readonly diskBytes: number;
  readonly maxBytes: number;
  readonly deadLetters: number;
}

export interface Outbox extends Escalations, Messages {
  /** A damaged file that was replaced at the start; somebody should be told. */
  readonly recovery: Recovery | undefined;
  /** The outbox's own time, milliseconds; never goes back, also across restarts. */
  readonly time: number;
  /** Whether an escalation came to its end and is still remembered. */
  isAnswered(id: string): boolean;
  /**
   * Forgets ids answered before this {@linkcode time}. A journal that was checkpointed takes `time`
   * first, makes its checkpoint durable, and calls this then.
   *
   * @throws {OutboxError}
   */
  forgetAnswered(before: number): void;
  /**
   * Once a minute: removes what has expired, gives room back to the disk, puts the clock on disk.
   *
   * @returns escalations that expired.
   * @throws {OutboxError}
   */
  sweep(): WaitingRow[];
  snapshot(): OutboxSnapshot;
  close(): void;
}

const hrtimeMs = () => Number(process.hrtime.bigint() / 1_000_000n);

/**
 * Opens the outbox; what an earlier process left is there. A damaged file is replaced, see `recovery`.
 *
 * @throws {InputError} `outbox-unusable`.
 */
export function openOutbox(options: OutboxOptions): Outbox {
  const { file, maxRows, now = Date.now, monotonic = hrtimeMs, boot = readBootId() } = options;
  const { onLost = () => {} } = options;
  const maxBytes = Math.max(MIN_OUTBOX_BYTES, options.maxBytes ?? DEFAULT_OUTBOX_BYTES);
  const ttlMs = { ...DEFAULT_TTL_MS, ...options.ttlMs };
  const store = openStore({ file, maxBytes, ttlMs, now, monotonic, boot });
  const eviction = createEviction(store);
  const answered = createAnswered(store);
  const escalations = createEscalations({ store, eviction, answered, maxRows });
  const messages = createMessages({ store, eviction, onLost });
  const { budget, clock, counters, database } = store;

  /** Within the cap again after a larger file of an earlier setting; a disk that takes no writes is told later. */
  function fit(): void {
    const lost: WaitingRow[] = [];
    try {
      eviction.makeRoom('escalation', 0, lost);
      if (budget.shrink(Number.POSITIVE_INFINITY)) {
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }
      store.saveClock();
    } catch (error) {
      if (!(toOutboxError(error) instanceof OutboxError)) throw error;
    }
    if (lost.length > 0) onLost(lost);
  }
  fit();

  return {
    ...messages,
    add: escalations.add,
    take: escalations.take,
    find: escalations.find,
    bundles: escalations.bundles,
    markAnnounced: escalations.markAnnounced,
    remove: escalations.remove,
    bury: escalations.bury,
    get pending() {
      return escalations.pending;
    },
    get deadLetters() {
      return escalations.deadLetters;
    },
    recovery: store.recovery,
    get time() {
      return clock.now();
    },
    isAnswered: answered.has,
    forgetAnswered: answered.forget,
    sweep() {
      const lost: WaitingRow[] = [];
      eviction.expire(lost, SWEEP_ROUNDS);
      store.saveClock();
      if (budget.shrink(SWEEP_ROUNDS)) database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return lost;
    },
    snapshot: () => ({
      ...structuredClone(counters),
      diskBytes: budget.diskBytes(),
      maxBytes,
      deadLetters: escalations.deadLetters,
    }),
    close() {
      if (!database.isOpen) return;
      try {
        store.saveClock();
      } catch {
        // A disk that takes no writes: time goes on from the last minute saved.
      }
      database.close();
    },
  };
}
