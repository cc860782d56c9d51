// Sparse products over CSR rows: gather and add, never densified. A row's entries are added in
// the order of the pattern, so the bits do not depend on who computes which rows.
import { storeLanes } from './lanes';

/**
 * Rows `from`..`to` of S · b into `out` (its first row is `from`): out_i = Σ_e v_e b[indices_e].
 *
 * @param values f32 [entries, groups], or 0 for all ones; group g of the columns uses value g.
 * @param order entry number of every CSR position, or 0 where they are in order.
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
  from: i32,
  to: i32,
): void {
  const rowBytes = <usize>columns << 2;
  const width = columns / groups;
  for (let r = from; r < to; r++) {
    const start = i32.load(offsets + (<usize>r << 2));
    const end = i32.load(offsets + (<usize>r << 2), 4);
    for (let g = 0; g < groups; g++) {
      const groupEnd = (g + 1) * width;
      let c = g * width;
      for (; c + 32 <= groupEnd; c += 32) {
        let s0 = f32x4.splat(0);
        let s1 = s0;
        let s2 = s0;
        let s3 = s0;
        let s4 = s0;
        let s5 = s0;
        let s6 = s0;
        let s7 = s0;
        const base = b + (<usize>c << 2);
        if (values == 0) {
          for (let e = start; e < end; e++) {
            const p = base + <usize>i32.load(indices + (<usize>e << 2)) * rowBytes;
            s0 = f32x4.add(s0, v128.load(p));
            s1 = f32x4.add(s1, v128.load(p, 16));
            s2 = f32x4.add(s2, v128.load(p, 32));
            s3 = f32x4.add(s3, v128.load(p, 48));
            s4 = f32x4.add(s4, v128.load(p, 64));
            s5 = f32x4.add(s5, v128.load(p, 80));
            s6 = f32x4.add(s6, v128.load(p, 96));
            s7 = f32x4.add(s7, v128.load(p, 112));
          }
        } else {
          for (let e = start; e < end; e++) {
            const p = base + <usize>i32.load(indices + (<usize>e << 2)) * rowBytes;
            const v = valueOf(values, order, e, groups, g);
            s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
            s1 = f32x4.relaxed_madd(v, v128.load(p, 16), s1);
            s2 = f32x4.relaxed_madd(v, v128.load(p, 32), s2);
            s3 = f32x4.relaxed_madd(v, v128.load(p, 48), s3);
            s4 = f32x4.relaxed_madd(v, v128.load(p, 64), s4);
            s5 = f32x4.relaxed_madd(v, v128.load(p, 80), s5);
            s6 = f32x4.relaxed_madd(v, v128.load(p, 96), s6);
            s7 = f32x4.relaxed_madd(v, v128.load(p, 112), s7);
          }
        }
        const t = out + (<usize>c << 2);
        v128.store(t, s0);
        v128.store(t, s1, 16);
        v128.store(t, s2, 32);
        v128.store(t, s3, 48);
        v128.store(t, s4, 64);
        v128.store(t, s5, 80);
        v128.store(t, s6, 96);
        v128.store(t, s7, 112);
      }
      for (; c + 16 <= groupEnd; c += 16) {
        let s0 = f32x4.splat(0);
        let s1 = s0;
        let s2 = s0;
        let s3 = s0;
        const base = b + (<usize>c << 2);
        for (let e = start; e < end; e++) {
          const p = base + <usize>i32.load(indices + (<usize>e << 2)) * rowBytes;
          const v = valueOf(values, order, e, groups, g);
          s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
          s1 = f32x4.relaxed_madd(v, v128.load(p, 16), s1);
          s2 = f32x4.relaxed_madd(v, v128.load(p, 32), s2);
          s3 = f32x4.relaxed_madd(v, v128.load(p, 48), s3);
        }
        const t = out + (<usize>c << 2);
        v128.store(t, s0);
        v128.store(t, s1, 16);
        v128.store(t, s2, 32);
        v128.store(t, s3, 48);
      }
      for (; c + 4 < groupEnd; c += 8) {
        let s0 = f32x4.splat(0);
        let s1 = s0;
        const base = b + (<usize>c << 2);
        for (let e = start; e < end; e++) {
          const p = base + <usize>i32.load(indices + (<usize>e << 2)) * rowBytes;
          const v = valueOf(values, order, e, groups, g);
          s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
          s1 = f32x4.relaxed_madd(v, v128.load(p, 16), s1);
        }
        const t = out + (<usize>c << 2);
        v128.store(t, s0);
        storeLanes(t + 16, s1, groupEnd - c - 4);
      }
      for (; c < groupEnd; c += 4) {
        let s0 = f32x4.splat(0);
        const base = b + (<usize>c << 2);
        for (let e = start; e < end; e++) {
          const p = base + <usize>i32.load(indices + (<usize>e << 2)) * rowBytes;
          s0 = f32x4.relaxed_madd(valueOf(values, order, e, groups, g), v128.load(p), s0);
        }
        storeLanes(out + (<usize>c << 2), s0, groupEnd - c);
      }
    }
    out += rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function valueOf(values: usize, order: usize, e: i32, groups: i32, g: i32): v128 {
  if (values == 0) return f32x4.splat(1);
  const entry = order == 0 ? e : i32.load(order + (<usize>e << 2));
  return v128.load32_splat(values + (<usize>(entry * groups + g) << 2));
}

/**
 * Entries `from`..`to` of (a · bᵀ) at a pattern, [entries, groups], into `out`: the dot product
 * of a's row and b's row over each group of their columns.
 */
export function sampledDot(
  out: usize,
  rowOf: usize,
  columnOf: usize,
  a: usize,
  b: usize,
  columns: i32,
  groups: i32,
  from: i32,
  to: i32,
): void {
  const rowBytes = <usize>columns << 2;
  const width = columns / groups;
  for (let e = from; e < to; e++) {
    const p = a + <usize>i32.load(rowOf + (<usize>e << 2)) * rowBytes;
    const q = b + <usize>i32.load(columnOf + (<usize>e << 2)) * rowBytes;
    for (let g = 0; g < groups; g++) {
      const end = (g + 1) * width;
      let c = g * width;
      let s = f32x4.splat(0);
      for (; c + 4 <= end; c += 4) {
        s = f32x4.relaxed_madd(v128.load(p + (<usize>c << 2)), v128.load(q + (<usize>c << 2)), s);
      }
      let total =
        f32x4.extract_lane(s, 0) +
        f32x4.extract_lane(s, 1) +
        (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
      for (; c < end; c++) {
        total += f32.load(p + (<usize>c << 2)) * f32.load(q + (<usize>c << 2));
      }
      f32.store(out, total);
      out += 4;
    }
  }
}
