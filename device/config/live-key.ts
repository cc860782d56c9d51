// A key in a file that may be changed while the gateway runs, as `rotate-key` does.
import { readFileSync, statSync } from 'node:fs';

/** The old key goes on for an hour after a change; a look costs some microseconds. */
const LOOK_MS = 10_000;

export interface LiveKeyOptions {
  readonly file: string;
  /** What the file held when the configuration was read. */
  readonly key: string;
  /** Milliseconds of a clock that never jumps. @default {performance.now} */
  readonly steady?: () => number;
}

/** The key as the file has it; the last one that could be read where it cannot be. */
export function createLiveKey(options: LiveKeyOptions): () => string {
  const { file, steady = () => performance.now() } = options;
  let { key } = options;
  let lookedAt = steady();
  let changedAt: number | undefined;
  return function liveKey() {
    if (steady() - lookedAt < LOOK_MS) return key;
    lookedAt = steady();
    try {
      const { mtimeMs } = statSync(file);
      if (mtimeMs === changedAt) return key;
      changedAt = mtimeMs;
      const text = readFileSync(file, 'utf8').trim();
      if (text !== '') key = text;
    } catch {
      // Replaced just now, or gone: the key that is known goes on until the edge refuses it.
    }
    return key;
  };
}
