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

/**
 * Begins with the sparse rows that stand in the block. Returns whether their entries ascend within
 * 0..width and have codes of 1..127.
 */
export function beginSparse(block: Block, width: u32, count: i32): bool {
  begin(block, count);
  for (let i = 0; i < count; i++) {
    const at = block.offsets + (<usize>i << 2);
    const end = load<i32>(at, 4);
    let lowest: u32 = 0;
    for (let e = load<i32>(at); e < end; e++) {
      const index = load<u32>(block.indices + (<usize>e << 2));
      if (index < lowest || index >= width) return false;
      if (<u32>load<u8>(block.codes + <usize>e) - 1 >= 127) return false;
      lowest = index + 1;
    }
  }
  return true;
}
