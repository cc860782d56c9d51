// How threads share the chunks of a strip: one word that says which strip is open and which
// chunk is next, and one that counts the finished.

/** int32 positions in the unused first bytes of a session's memory. */
const OPEN = 4;
const STRIP = 5;
const FINISHED = 6;

/** Low bits of OPEN: the next chunk; the rest: how many strips have been opened. */
const CHUNK_BITS = 8;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
export const MOST_CHUNKS = CHUNK_MASK;

/** Looks before sleeping: a strip often follows the last within microseconds. */
const SPINS = 2000;

export interface Control {
  /** Opens a strip; call only when all chunks of the one before are finished. */
  open(strip: number): void;
  /** The next chunk of the open strip, or `undefined` when all are taken. */
  take(chunksOf: (strip: number) => number): { strip: number; chunk: number } | undefined;
  finish(): void;
  /** Returns when `count` chunks are finished. */
  waitForFinished(count: number): void;
  /** Returns when another strip may have been opened. */
  waitForOpen(): void;
}

/** No chunk can be taken until a strip is opened; call before any helper looks. */
export function close(words: Int32Array): void {
  const opened = (Atomics.load(words, OPEN) >>> CHUNK_BITS) + 1;
  Atomics.store(words, OPEN, (opened << CHUNK_BITS) | CHUNK_MASK);
}

export function createControl(words: Int32Array): Control {
  let seen = Atomics.load(words, OPEN);
  return {
    open(strip) {
      // Closed first: a helper that still holds the old word must not take a chunk of the new strip.
      close(words);
      Atomics.store(words, FINISHED, 0);
      Atomics.store(words, STRIP, strip);
      const opened = (Atomics.load(words, OPEN) >>> CHUNK_BITS) + 1;
      Atomics.store(words, OPEN, opened << CHUNK_BITS);
      Atomics.notify(words, OPEN);
    },
    take(chunksOf) {
      for (;;) {
        seen = Atomics.load(words, OPEN);
        const strip = Atomics.load(words, STRIP);
        const chunk = seen & CHUNK_MASK;
        if (chunk >= chunksOf(strip)) return undefined;
        // Fails when another thread took the chunk, or when the strip is no longer this one.
        if (Atomics.compareExchange(words, OPEN, seen, seen + 1) === seen) return { strip, chunk };
      }
    },
    finish() {
      Atomics.add(words, FINISHED, 1);
      Atomics.notify(words, FINISHED);
    },
    waitForFinished(count) {
      for (let spin = 0; ; spin++) {
        const finished = Atomics.load(words, FINISHED);
        if (finished >= count) return;
        if (spin > SPINS) Atomics.wait(words, FINISHED, finished);
      }
    },
    waitForOpen() {
      for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(words, OPEN) !== seen) return;
      Atomics.wait(words, OPEN, seen);
    },
  };
}

/** A strip number that tells helping threads to leave. */
export const LEAVE = -1;
