// Sparse products with values of a step: gather and add, never densified. A row's entries are added in
// the order of the pattern, so the bits do not depend on who computes which rows.
import { storeLanes } from './lanes';

/** Entries that are gathered before they are multiplied; the caller's work area holds them. */
const SEGMENT: i32 = 512;

/** out[c..end) += Σ v · b over the gathered pairs (byte offset of b's row, value) in work..last. */
// @ts-ignore: decorator
@inline
function addGathered(out: usize, b: usize, work: usize, last: usize, c: i32, end: i32): void {
  for (; c + 32 <= end; c += 32) {
    const t = out + (<usize>c << 2);
    let s0 = v128.load(t);
    let s1 = v128.load(t, 16);
    let s2 = v128.load(t, 32);
    let s3 = v128.load(t, 48);
    let s4 = v128.load(t, 64);
    let s5 = v128.load(t, 80);
    let s6 = v128.load(t, 96);
    let s7 = v128.load(t, 112);
    const base = b + (<usize>c << 2);
    for (let w = work; w < last; w += 8) {
      const p = base + <usize>i32.load(w);
      const v = v128.load32_splat(w, 4);
      s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
      s1 = f32x4.relaxed_madd(v, v128.load(p, 16), s1);
      s2 = f32x4.relaxed_madd(v, v128.load(p, 32), s2);
      s3 = f32x4.relaxed_madd(v, v128.load(p, 48), s3);
      s4 = f32x4.relaxed_madd(v, v128.load(p, 64), s4);
      s5 = f32x4.relaxed_madd(v, v128.load(p, 80), s5);
      s6 = f32x4.relaxed_madd(v, v128.load(p, 96), s6);
      s7 = f32x4.relaxed_madd(v, v128.load(p, 112), s7);
    }
    v128.store(t, s0);
    v128.store(t, s1, 16);
    v128.store(t, s2, 32);
    v128.store(t, s3, 48);
    v128.store(t, s4, 64);
    v128.store(t, s5, 80);
    v128.store(t, s6, 96);
    v128.store(t, s7, 112);
  }
  for (; c + 16 <= end; c += 16) {
    const t = out + (<usize>c << 2);
    let s0 = v128.load(t);
    let s1 = v128.load(t, 16);
    let s2 = v128.load(t, 32);
    let s3 = v128.load(t, 48);
    const base = b + (<usize>c << 2);
    for (let w = work; w < last; w += 8) {
      const p = base + <usize>i32.load(w);
      const v = v128.load32_splat(w, 4);
      s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
      s1 = f32x4.relaxed_madd(v, v128.load(p, 16), s1);
      s2 = f32x4.relaxed_madd(v, v128.load(p, 32), s2);
      s3 = f32x4.relaxed_madd(v, v128.load(p, 48), s3);
    }
    v128.store(t, s0);
    v128.store(t, s1, 16);
    v128.store(t, s2, 32);
    v128.store(t, s3, 48);
  }
  for (; c + 8 <= end; c += 8) {
    const t = out + (<usize>c << 2);
    let s0 = v128.load(t);
    let s1 = v128.load(t, 16);
    const base = b + (<usize>c << 2);
    for (let w = work; w < last; w += 8) {
      const p = base + <usize>i32.load(w);
      const v = v128.load32_splat(w, 4);
      s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
      s1 = f32x4.relaxed_madd(v, v128.load(p, 16), s1);
    }
    v128.store(t, s0);
    v128.store(t, s1, 16);
  }
  for (; c < end; c += 4) {
    const t = out + (<usize>c << 2);
    let s0 = v128.load(t);
    const base = b + (<usize>c << 2);
    for (let w = work; w < last; w += 8) {
      const p = base + <usize>i32.load(w);
      const v = v128.load32_splat(w, 4);
      s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
    }
    storeLanes(t, s0, end - c);
  }
}

/**
 * Rows `from`..`to` of S · b into `out` (its first row is `from`): out_i = Σ_e v_e b[indices_e].
 * Entries of value 0, such as dropped ones, cost next to nothing.
 *
 * @param values f32 [entries, groups]; group g of the columns uses value g.
 * @param order entry number of every CSR position, or 0 where they are in order.
 * @param work 8 · SEGMENT bytes of the calling thread.
 */
export function sparseMatmul(
  out: usize,
  offsets: usize,
  indices: usize,
  values: usize,
  order: usize,
  b: usize,
  columns: i32,
  groups: i32,
  work: usize,
  from: i32,
  to: i32,
): void {
  const rowBytes = <usize>columns << 2;
  const width = columns / groups;
  for (let r = from; r < to; r++) {
    memory.fill(out, 0, rowBytes);
    const end = i32.load(offsets + (<usize>r << 2), 4);
    for (let e = i32.load(offsets + (<usize>r << 2)); e < end; e += SEGMENT) {
      const segmentEnd = min(end, e + SEGMENT);
      for (let g = 0; g < groups; g++) {
        let last = work;
        for (let i = e; i < segmentEnd; i++) {
          const entry = order == 0 ? i : i32.load(order + (<usize>i << 2));
          const value = f32.load(values + (<usize>(entry * groups + g) << 2));
          i32.store(last, i32.load(indices + (<usize>i << 2)) * <i32>rowBytes);
          f32.store(last, value, 4);
          last += value == 0 ? 0 : 8;
        }
        addGathered(out, b, work, last, g * width, (g + 1) * width);
      }
    }
    out += rowBytes;
  }
}
