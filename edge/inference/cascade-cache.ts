// Cascades kept in the isolate between requests, least recently used out first.
import type { Cascade } from '@dandan/shared/cascade';

/**
 * A Worker has 128 MB. Beside the cache, one request may hold a bundle file being made ready
 * (32 MiB, three times: as it came, parsed, packed) or a 16 MiB body; room is made before.
 */
export const MAX_CACHE_BYTES = 32 * 1024 * 1024;

export interface CascadeCache {
  /** The cascade, which thereby becomes the most recently used. */
  get(sha256: string): Cascade | undefined;
  /** Drops the least recently used until `bytes` more fit. */
  makeRoom(bytes: number): void;
  /** Keeps a cascade that takes `bytes` bytes; one above the limit is not kept. */
  set(sha256: string, cascade: Cascade, bytes: number): void;
}

export interface CascadeCacheOptions {
  /** @default {MAX_CACHE_BYTES} */
  readonly maxBytes?: number;
}

/** A cache bounded by the bytes of its cascades. */
export function createCascadeCache(options: CascadeCacheOptions = {}): CascadeCache {
  const { maxBytes = MAX_CACHE_BYTES } = options;
  // A Map iterates in insertion order: re-inserting on use makes the first entry the oldest.
  const entries = new Map<string, { readonly cascade: Cascade; readonly bytes: number }>();
  let held = 0;

  function remove(sha256: string): void {
    held -= entries.get(sha256)?.bytes ?? 0;
    entries.delete(sha256);
  }

  function makeRoom(bytes: number): void {
    for (const sha256 of entries.keys()) {
      if (held + bytes <= maxBytes) return;
      remove(sha256);
    }
  }

  return {
    get(sha256) {
      const entry = entries.get(sha256);
      if (entry === undefined) return undefined;
      entries.delete(sha256);
      entries.set(sha256, entry);
      return entry.cascade;
    },
    makeRoom,
    set(sha256, cascade, bytes) {
      remove(sha256);
      if (bytes > maxBytes) return;
      makeRoom(bytes);
      entries.set(sha256, { cascade, bytes });
      held += bytes;
    },
  };
}
