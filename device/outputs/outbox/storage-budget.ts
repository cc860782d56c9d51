// Keeps the files of the outbox within a number of bytes, at every moment.
//
// The database file never has more than `maxPages` pages. The write-ahead log beside it restarts once
// its first CHECKPOINT_FRAMES frames are in the database, and a transaction adds at most
// TRANSACTION_FRAMES, for which every caller bounds its work; should a checkpoint fail, nothing is
// written any more until one succeeds. There is no -shm file: the lock is exclusive, so SQLite keeps
// the log's index in memory. Not counted: a damaged file moved aside, of which there is at most one.
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { MAX_MESSAGE_BYTES } from './message.ts';
import { OutboxError } from './write-error.ts';

export const PAGE_BYTES = 4096;
const FRAME_BYTES = PAGE_BYTES + 24;

/** 1 MB: what a power cut leaves to read again is small, and a checkpoint comes every thousand messages. */
export const CHECKPOINT_FRAMES = 256;

/** Rows or messages of one transaction: each changes at most three pages of its two trees. */
export const TRANSACTION_ROWS = 64;

/** Bytes of the messages of one transaction. */
export const TRANSACTION_BYTES = MAX_MESSAGE_BYTES;

/** 320 pages for {@linkcode TRANSACTION_BYTES}, 192 for the trees of 64 messages. */
const TRANSACTION_FRAMES = 512;

/** One transaction beyond the checkpoint, and one while that checkpoint has failed. */
export const LOG_BYTES = (CHECKPOINT_FRAMES + 2 * TRANSACTION_FRAMES) * FRAME_BYTES;

/** Beyond it, something keeps the log from restarting. */
const LOG_LIMIT_BYTES = (CHECKPOINT_FRAMES + TRANSACTION_FRAMES) * FRAME_BYTES;

/** Room for the log and 660 pages, about 5,000 messages. */
export const MIN_OUTBOX_BYTES = 8_000_000;

/** Pages for what must be noted though the file is full: answers, dead letters, the clock. */
const RESERVED_PAGES = 64;

/** 1 MB of free pages stays for the next messages; what is more is given back to the disk. */
const KEEP_FREE_PAGES = 256;

/** Pages given back at a time: each moves a page and changes two that point to it. */
const VACUUM_PAGES = 128;

export interface StorageBudget {
  /** Pages that messages may still fill; negative while a larger file of an earlier setting shrinks. */
  room(): number;
  /** Pages that `count` messages of `bytes` in all may need, splits of both trees included. */
  pagesFor(bytes: number, count: number): number;
  /** @throws {OutboxError} `disk-full`: the log has outgrown its room and cannot be emptied. */
  checkLog(): void;
  /** Gives free pages back to the disk, at most `rounds` times 128. @returns whether any were. */
  shrink(rounds: number): boolean;
  /** Bytes of the files, as the file system has them. */
  diskBytes(): number;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The budget of one open database of at most `maxBytes`, log included. */
export function createStorageBudget(
  database: DatabaseSync,
  { file, maxBytes }: { readonly file: string; readonly maxBytes: number },
): StorageBudget {
  const maxPages = Math.floor((maxBytes - LOG_BYTES) / PAGE_BYTES);
  const pageCount = database.prepare('PRAGMA page_count');
  const freeCount = database.prepare('PRAGMA freelist_count');
  const pages = () => (pageCount.get() as { page_count: number }).page_count;
  const free = () => (freeCount.get() as { freelist_count: number }).freelist_count;
  // SQLite's own limit as the last resort; it never goes below what the file has.
  const limit = () => database.exec(`PRAGMA max_page_count = ${maxPages}`);
  limit();

  return {
    room: () => maxPages - RESERVED_PAGES - pages() + free(),
    pagesFor: (bytes, count) => Math.ceil(bytes / PAGE_BYTES) + 2 * count + 16,
    checkLog() {
      if (sizeOf(`${file}-wal`) <= LOG_LIMIT_BYTES) return;
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      if (sizeOf(`${file}-wal`) <= LOG_LIMIT_BYTES) return;
      throw new OutboxError('disk-full', 'The log cannot be emptied into the database');
    },
    shrink(rounds) {
      let done = 0;
      for (; done < rounds && free() > KEEP_FREE_PAGES + VACUUM_PAGES; done++) {
        database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
      }
      if (done > 0) limit();
      return done > 0;
    },
    diskBytes: () => sizeOf(file) + sizeOf(`${file}-wal`) + sizeOf(`${file}-shm`),
  };
}
