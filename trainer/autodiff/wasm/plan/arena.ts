// Places blocks of memory that live from one pass to another, reusing what has died.

export interface Lifetime {
  readonly first: number;
  readonly last: number;
}

export interface Arena {
  /** Offset of `bytes` that no other block alive between the two passes overlaps. */
  place(bytes: number, lifetime: Lifetime): number;
  /** Bytes up to the end of the furthest block. */
  readonly bytes: number;
}

export function createArena(): Arena {
  const blocks: (Lifetime & { readonly start: number; readonly end: number })[] = [];
  let bytes = 0;
  return {
    place(size, { first, last }) {
      const alive = blocks
        .filter((block) => block.first <= last && block.last >= first)
        .sort((a, b) => a.start - b.start);
      let start = 0;
      for (const block of alive) {
        if (start + size <= block.start) break;
        start = Math.max(start, block.end);
      }
      blocks.push({ first, last, start, end: start + size });
      bytes = Math.max(bytes, start + size);
      return start;
    },
    get bytes() {
      return bytes;
    },
  };
}
