// Seeded random numbers: a seed fixes every result, in every runtime.

export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform whole number in 0..limit−1. */
  below(limit: number): number;
  /** Standard normal. */
  normal(): number;
  /** Fisher–Yates shuffle in place; returns its argument. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /** An independent stream, fixed by this generator's seed and `name`. */
  fork(name: string): Random;
}

/** FNV-1a over UTF-16 code units. */
function hashName(name: string, seed: number): number {
  let hash = (2166136261 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  return hash >>> 0;
}

/**
 * A generator (sfc32, Chris Doty-Humphrey's PractRand) seeded by one integer.
 *
 * Normals come from the sum of 12 uniforms (Irwin–Hall), not Box–Muller: it needs
 * no transcendental function, whose last bit an engine may choose.
 */
export function createRandom(seed: number): Random {
  let a = 0x9e3779b9 | 0;
  let b = 0x243f6a88 | 0;
  let c = seed | 0;
  let counter = 1;

  function uint32(): number {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  }
  // The first outputs still show the seed; PractRand discards as many.
  for (let i = 0; i < 15; i++) uint32();

  const next = () => uint32() / 2 ** 32;
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    normal() {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += next();
      return sum;
    },
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = below(i + 1);
        const kept = items[i];
        (items as { [index: number]: unknown })[i] = items[j];
        (items as { [index: number]: unknown })[j] = kept;
      }
      return items;
    },
    fork: (name) => createRandom(hashName(name, seed)),
  };
}
