// The pool of random bytes that all dropout masks are cut from: a mask is a run of it from a
// fresh offset, so that a step is fed one number instead of millions of draws, and every
// lowering cuts the same mask.
import { createRandom, type Random } from '@dandan/shared/random';

/** Distinct offsets, and so distinct masks of one shape: 2²⁰ outlasts any training by far. */
export const MASK_OFFSETS = 2 ** 20;

/** First of `MASK_OFFSETS` offsets at random. */
export const drawMaskOffset = (random: Random) => Math.floor(random.next() * MASK_OFFSETS);

/** Bytes below this are dropped: the rate in 256ths, never all. */
export const maskThreshold = (rate: number) => Math.min(255, Math.max(1, Math.round(rate * 256)));

/** What kept entries are multiplied by, so that the expectation stays. */
export const maskScale = (rate: number) => Math.fround(256 / (256 - maskThreshold(rate)));

/** The pool for masks of up to `size` entries; a longer pool begins with the shorter ones. */
export function maskPool(size: number): Uint8Array {
  const random = createRandom(0).fork('mask pool');
  const words = new Uint32Array(Math.ceil((size + MASK_OFFSETS) / 4));
  for (let i = 0; i < words.length; i++) words[i] = random.next() * 2 ** 32;
  return new Uint8Array(words.buffer);
}
