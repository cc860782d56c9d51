// Parsed bundles kept in the isolate between requests, least recently used out first.
import type { Bundle } from '@dandan/shared/bundle';

/**
 * A Worker has 128 MB. Beside the cache, one request may hold a bundle file being
 * parsed (32 MiB, twice) or a 16 MiB body; one bundle of the largest size still fits here.
 */
export const MAX_CACHE_BYTES = 32 * 1024 * 1024;

export interface BundleCache {
  /** The bundle, which thereby becomes the most recently used. */
  get(sha256: string): Bundle | undefined;
  /** Drops the least recently used bundles until `bytes` more fit. */
  makeRoom(bytes: number): void;
  /** Keeps a bundle whose file has `bytes` bytes; one above the limit is not kept. */
  set(sha256: string, bundle: Bundle, bytes: number): void;
}

export interface BundleCacheOptions {
  /** @default {MAX_CACHE_BYTES} */
  readonly maxBytes?: number;
}

/** A cache bounded by the bytes of the files its bundles came from. */
export function createBundleCache(options: BundleCacheOptions = {}): BundleCache {
  const { maxBytes = MAX_CACHE_BYTES } = options;
  // A Map iterates in insertion order: re-inserting on use makes the first entry the oldest.
  const entries = new Map<string, { readonly bundle: Bundle; readonly bytes: number }>();
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
      return entry.bundle;
    },
    makeRoom,
    set(sha256, bundle, bytes) {
      remove(sha256);
      if (bytes > maxBytes) return;
      makeRoom(bytes);
      entries.set(sha256, { bundle, bytes });
      held += bytes;
    },
  };
}
