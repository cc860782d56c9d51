// The write-ahead journal of what the gateway takes in. A message is on the disk before it counts
// as taken and before anything follows from it; after a crash the snapshot and the records after it
// give the same state again.
import { setTimeout as delay } from 'node:timers/promises';
import type { JournalFolder } from './journal-folder.ts';
import type { JournalRecord } from './record.ts';
import { NOTHING, type Recovered, recover } from './recover.ts';
import { createSegments } from './segments.ts';

/** A segment is replaced by a snapshot beyond it: about 200,000 messages, a second of reading. */
export const DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;

/**
 * Delivered ids wait this long for messages to be written with. Alone they are handed to the
 * system without waiting for the disk: losing them in a power cut costs predictions sent twice.
 */
const DELIVERED_DELAY_MS = 20;

/** A disk that refused is tried again after this time. */
const RETRY_MS = 10_000;

/** Records applied in one go: some ten milliseconds, then the brokers get their turn. */
const APPLY_RECORDS = 1000;

export interface JournalOptions {
  readonly folder: JournalFolder;
  /**
   * A message waits this long for others that share its write to the disk, milliseconds. Flash
   * memory wears by writes: 10 ms allow 100 a second, 1000 ms one.
   *
   * @default {10}
   */
  readonly commitDelayMs?: number;
  /** @default {DEFAULT_SEGMENT_BYTES} */
  readonly segmentBytes?: number;
}

export interface JournalHandlers {
  /** Takes records that are durable, in order. */
  apply(records: readonly JournalRecord[]): void;
  /** The state that all applied records have led to, as data for JSON. */
  snapshot(): unknown;
  /** A snapshot is about to replace the records: whatever they alone protect moves elsewhere now. */
  onCheckpoint(): void;
  /**
   * The disk refuses: messages are taken and answered without it from now on, and would be lost
   * with the process. Called once until it works again.
   */
  onUnwritable(error: Error): void;
  onWritable(): void;
}

export interface Journal {
  /** Its records are gone once the journal has started. */
  readonly recovered: Recovered;
  /** Bytes of the segment, disk writes so far, whether the disk takes them. */
  readonly status: { readonly bytes: number; readonly commits: number; readonly writable: boolean };
  /** To be called once, when what was recovered has been applied. */
  start(handlers: JournalHandlers): void;
  /** `onTaken` is called once the record is durable (or the disk refuses it). */
  append(record: JournalRecord, onTaken?: () => void): void;
  /** Notes that the prediction needs no delivery any more. */
  markDelivered(id: string): void;
  /** Replaces the records by a snapshot, once what waits is applied. */
  checkpoint(): Promise<void>;
  /** Resolves when everything appended so far has been applied. */
  flush(): Promise<void>;
  /** Writes what waits; nothing may be appended afterwards. */
  close(): Promise<void>;
}

interface Waiting {
  readonly record: JournalRecord;
  readonly onTaken: (() => void) | undefined;
}

/**
 * Opens a journal, or begins one. Records appended before `start` wait for it. A disk that refuses
 * is told by `onUnwritable` once it has started.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder, commitDelayMs = 10, segmentBytes = DEFAULT_SEGMENT_BYTES } = options;
  let failure: unknown;
  let recovered = await recover(folder).catch((error: unknown): Recovered => {
    failure = error;
    return { ...NOTHING, segment: { number: 0, soundBytes: 0 }, lostBytes: 0 };
  });
  const segments = createSegments(folder, recovered);
  let handlers: JournalHandlers | undefined;
  let waiting: Waiting[] = [];
  let delivered: string[] = [];
  let writable = true;
  let retryAt = 0;
  let wantsCheckpoint = false;
  let cycle: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function onFailure(error: unknown): void {
    retryAt = Date.now() + RETRY_MS;
    if (writable) handlers?.onUnwritable(error as Error);
    writable = false;
  }

  try {
    if (failure !== undefined) throw failure;
    await segments.open();
  } catch (error) {
    failure = error;
    onFailure(error);
  }

  async function replaceSegment({ snapshot, onCheckpoint, onWritable }: JournalHandlers) {
    try {
      onCheckpoint();
      await segments.begin(snapshot());
      if (!writable) onWritable();
      writable = true;
    } catch (error) {
      onFailure(error);
    }
  }

  async function store(batch: readonly Waiting[]): Promise<void> {
    const ids = delivered;
    delivered = [];
    if (!writable) return;
    const records = batch.map(({ record }) => record);
    if (records.length === 0 && ids.length === 0) return;
    if (ids.length > 0) records.push({ kind: 'delivered', ids });
    try {
      await segments.append(records);
    } catch (error) {
      // What was written of it would make the rest unreadable: the next segment begins anew.
      onFailure(error);
    }
  }

  async function commit(current: JournalHandlers): Promise<void> {
    const batch = waiting;
    waiting = [];
    await store(batch);
    for (const { onTaken } of batch) onTaken?.();
    for (let from = 0; from < batch.length; from += APPLY_RECORDS) {
      if (from > 0) await delay(0);
      current.apply(batch.slice(from, from + APPLY_RECORDS).map(({ record }) => record));
    }
    const { bytes, snapshotBytes } = segments;
    const full = wantsCheckpoint || bytes > segmentBytes + 2 * snapshotBytes;
    if (writable ? full : Date.now() >= retryAt) await replaceSegment(current);
    wantsCheckpoint = false;
  }

  function run(): void {
    clearTimeout(timer);
    timer = undefined;
    if (handlers === undefined || cycle !== undefined) return;
    cycle = commit(handlers).finally(() => {
      cycle = undefined;
      if (waiting.length > 0) schedule(commitDelayMs);
      else if (delivered.length > 0) schedule(DELIVERED_DELAY_MS);
    });
  }

  function schedule(delayMs: number): void {
    if (cycle === undefined) timer ??= setTimeout(run, delayMs);
  }

  async function flush(): Promise<void> {
    do {
      await cycle;
      run();
      await cycle;
    } while (handlers !== undefined && (waiting.length > 0 || delivered.length > 0));
  }

  return {
    get recovered() {
      return recovered;
    },
    get status() {
      const { bytes, commits } = segments;
      return { bytes, commits, writable };
    },
    start(given) {
      handlers = given;
      // They have been applied; the file's 16 MB need not stay in memory.
      recovered = { ...recovered, ...NOTHING };
      if (failure !== undefined) given.onUnwritable(failure as Error);
      if (waiting.length > 0) schedule(0);
    },
    append(record, onTaken) {
      waiting.push({ record, onTaken });
      if (waiting.length === 1 && timer !== undefined) {
        clearTimeout(timer);
        timer = undefined;
      }
      schedule(commitDelayMs);
    },
    markDelivered(id) {
      delivered.push(id);
      schedule(DELIVERED_DELAY_MS);
    },
    async checkpoint() {
      await cycle;
      wantsCheckpoint = true;
      run();
      await cycle;
    },
    flush,
    async close() {
      await flush();
      clearTimeout(timer);
      await segments.close();
    },
  };
}
