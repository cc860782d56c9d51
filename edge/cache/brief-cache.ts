// Answers of the database that an isolate keeps for a few seconds.

/** What another isolate changes takes effect here within this time, and here at once. */
export const KEPT_MS = 5_000;

/** Entries; a plant has tens of gateways, and a flood of others must not fill the isolate. */
export const MAX_ENTRIES = 1_000;

/**
 * From this age on an entry is read anew beside the request that finds it: nobody waits, and not
 * everybody asks at once when it is over.
 */
export const REFRESH_MS = 2_500;

/** Keeps the isolate up for work that no answer waits for; a request's `waitUntil`. */
export type Beside = (work: Promise<unknown>) => void;

export interface BriefCache<V> {
  /** The value, at most {@linkcode KEPT_MS} old. */
  get(key: string): V | undefined;
  /**
   * As `get`; an entry that is getting old is loaded again `beside`, once.
   *
   * @param beside `undefined` where there is none: then it is kept to its end.
   */
  getRefreshed(
    key: string,
    load: () => Promise<V | undefined>,
    beside: Beside | undefined,
  ): V | undefined;
  /** What `load` finds, kept unless the cache was cleared meanwhile; `undefined` is never kept. */
  load(key: string, load: () => Promise<V | undefined>): Promise<V | undefined>;
  /** To be called when a write has been committed: nothing read before it is used after. */
  clear(): void;
}

export interface BriefCacheOptions {
  /** @default {KEPT_MS} */
  readonly keptMs?: number;
  /** @default {MAX_ENTRIES} */
  readonly maxEntries?: number;
  /** Milliseconds; on Workers it moves with every request. @default {Date.now} */
  readonly now?: () => number;
}

interface Entry<V> {
  readonly value: V;
  readonly from: number;
  /** Whether it is being read anew. */
  refreshed: boolean;
}

export function createBriefCache<V>(options: BriefCacheOptions = {}): BriefCache<V> {
  const { keptMs = KEPT_MS, maxEntries = MAX_ENTRIES, now = Date.now } = options;
  let entries = new Map<string, Entry<V>>();

  function find(key: string): Entry<V> | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    const age = now() - entry.from;
    // A clock set back would keep an entry for as long as it was set back.
    if (age >= 0 && age < keptMs) return entry;
    entries.delete(key);
    return undefined;
  }

  const cache: BriefCache<V> = {
    get: (key) => find(key)?.value,
    getRefreshed(key, load, beside) {
      const entry = find(key);
      if (entry === undefined) return undefined;
      if (beside !== undefined && !entry.refreshed && now() - entry.from >= REFRESH_MS) {
        entry.refreshed = true;
        // Where it fails the entry ends in its time, and the request after it meets the failure.
        beside(cache.load(key, load).catch(() => undefined));
      }
      return entry.value;
    },
    async load(key, load) {
      // A read that began before a clear may end after it, with what was true before.
      const begun = entries;
      const from = now();
      const value = await load();
      if (entries !== begun) return value;
      // Again at the end, so that the first is the oldest.
      entries.delete(key);
      if (value === undefined) return value;
      // A Map iterates in insertion order.
      for (const oldest of entries.keys()) {
        if (entries.size < maxEntries) break;
        entries.delete(oldest);
      }
      entries.set(key, { value, from, refreshed: false });
      return value;
    },
    clear() {
      entries = new Map();
    },
  };
  return cache;
}
