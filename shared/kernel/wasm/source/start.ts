// What happens to rows before their first stage.
import { Block } from './block';

/** Makes the first `count` rows active, with no logits and an empty running output. */
// @ts-ignore: decorator
@inline
function begin(block: Block, count: i32): void {
  for (let i = 0; i < count; i++) {
    store<i32>(block.active + (<usize>i << 2), i);
    store<f32>(block.weightSums + (<usize>i << 2), 0);
  }
  const end = block.weighted + <usize>count * block.classBytes;
  const toLogits = block.logits - block.weighted;
  for (let at = block.weighted; at < end; at += 16) {
    v128.store(at, i32x4.splat(0));
    v128.store(at + toLogits, i32x4.splat(0));
  }
}

/** Begins with dense rows, packed at `from`. Returns whether all codes are at most 127. */
export function beginDense(block: Block, from: usize, width: usize, count: i32): bool {
  begin(block, count);
  let seen = i32x4.splat(0);
  let tail: u32 = 0;
  for (let i = 0; i < count; i++) {
    const to = block.rows + <usize>i * block.rowBytes;
    let j: usize = 0;
    for (; j + 16 <= width; j += 16) {
      const codes = v128.load(from + j);
      seen = v128.or(seen, codes);
      v128.store(to + j, codes);
    }
    for (; j < width; j++) {
      const code = load<u8>(from + j);
      tail |= code;
      store<u8>(to + j, code);
    }
    from += width;
  }
  return i8x16.bitmask(seen) == 0 && tail < 128;
}

/** Whether all codes of 0..end are 1..127. */
// @ts-ignore: decorator
@inline
function codesFit(codes: usize, end: usize): bool {
  let least = i8x16.splat(1);
  let seen = i8x16.splat(0);
  let e: usize = 0;
  for (; e + 16 <= end; e += 16) {
    const sixteen = v128.load(codes + e);
    least = i8x16.min_u(least, sixteen);
    seen = v128.or(seen, sixteen);
  }
  let fits = i8x16.all_true(least) && i8x16.bitmask(seen) == 0;
  for (; e < end; e++) fits = fits && <u32>load<u8>(codes + e) - 1 < 127;
  return fits;
}

/** Whether int32 indices at..end, byte addresses, ascend within 0..width. */
// @ts-ignore: decorator
@inline
function indicesFit(at: usize, end: usize, width: u32): bool {
  if (at == end) return true;
  let ascends = i32x4.splat(-1);
  // Four pairs of neighbours at a time; the last entry has no right one.
  for (; at + 20 <= end; at += 16) {
    ascends = v128.and(ascends, i32x4.lt_u(v128.load(at), v128.load(at, 4)));
  }
  let fits = i32x4.all_true(ascends);
  for (; at + 8 <= end; at += 4) fits = fits && load<u32>(at) < load<u32>(at, 4);
  return fits && load<u32>(at) < width;
}

/**
 * Begins with the sparse rows that stand in the block. Returns whether their entries ascend within
 * 0..width and have codes of 1..127.
 */
export function beginSparse(block: Block, width: u32, count: i32): bool {
  begin(block, count);
  const entries = load<u32>(block.offsets + (<usize>count << 2));
  if (!codesFit(block.codes, entries)) return false;
  let begins = block.indices;
  for (let i = 1; i <= count; i++) {
    const ends = block.indices + (<usize>load<u32>(block.offsets + (<usize>i << 2)) << 2);
    if (!indicesFit(begins, ends, width)) return false;
    begins = ends;
  }
  return true;
}
