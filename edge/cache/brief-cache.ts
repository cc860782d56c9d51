// Answers of the database that an isolate keeps for a few seconds.

/** What another isolate changes takes effect here within this time, and here at once. */
export const KEPT_MS = 5_000;

/** Entries; a plant has tens of gateways, and a flood of others must not fill the isolate. */
export const MAX_ENTRIES = 1_000;

export interface BriefCache<V> {
  get(key: string): V | undefined;
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

export function createBriefCache<V>(options: BriefCacheOptions = {}): BriefCache<V> {
  const { keptMs = KEPT_MS, maxEntries = MAX_ENTRIES, now = Date.now } = options;
  let entries = new Map<string, { readonly value: V; readonly from: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      const age = now() - entry.from;
      // A clock set back would keep an entry for as long as it was set back.
      if (age >= 0 && age < keptMs) return entry.value;
      entries.delete(key);
      return undefined;
    },
    async load(key, load) {
      // A read that began before a clear may end after it, with what was true before.
      const begun = entries;
      const from = now();
      const value = await load();
      if (value === undefined || entries !== begun) return value;
      // A Map iterates in insertion order.
      for (const oldest of entries.keys()) {
        if (entries.size < maxEntries) break;
        entries.delete(oldest);
      }
      entries.set(key, { value, from });
      return value;
    },
    clear() {
      entries = new Map();
    },
  };
}
