// Sparse products with weights that stay: gather and add, never densified. A row's entries are added in
// the order of the pattern, so the bits do not depend on who computes which rows.
import { storeLanes } from './lanes';

/**
 * Rows `from`..`to` of S · b into `out` (its first row is `from`), for values
 * f32 [entries] in CSR order, none of them dropped: out_i = Σ_e v_e b[indices_e].
 */
export function sparseWeighted(
  out: usize,
  offsets: usize,
  indices: usize,
  values: usize,
  b: usize,
  columns: i32,
  from: i32,
  to: i32,
): void {
  const rowBytes = <usize>columns << 2;
  for (let r = from; r < to; r++) {
    const start = indices + (<usize>i32.load(offsets + (<usize>r << 2)) << 2);
    const end = indices + (<usize>i32.load(offsets + (<usize>r << 2), 4) << 2);
    const weights = values + (<usize>i32.load(offsets + (<usize>r << 2)) << 2);
    let c = 0;
    for (; c + 32 <= columns; c += 32) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let s4 = s0;
      let s5 = s0;
      let s6 = s0;
      let s7 = s0;
      const base = b + (<usize>c << 2);
      let q = weights;
      for (let e = start; e < end; e += 4) {
        const p = base + <usize>i32.load(e) * rowBytes;
        const v = v128.load32_splat(q);
        q += 4;
        s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
        s1 = f32x4.relaxed_madd(v, v128.load(p, 16), s1);
        s2 = f32x4.relaxed_madd(v, v128.load(p, 32), s2);
        s3 = f32x4.relaxed_madd(v, v128.load(p, 48), s3);
        s4 = f32x4.relaxed_madd(v, v128.load(p, 64), s4);
        s5 = f32x4.relaxed_madd(v, v128.load(p, 80), s5);
        s6 = f32x4.relaxed_madd(v, v128.load(p, 96), s6);
        s7 = f32x4.relaxed_madd(v, v128.load(p, 112), s7);
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
    for (; c + 16 <= columns; c += 16) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      const base = b + (<usize>c << 2);
      let q = weights;
      for (let e = start; e < end; e += 4) {
        const p = base + <usize>i32.load(e) * rowBytes;
        const v = v128.load32_splat(q);
        q += 4;
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
    for (; c + 8 <= columns; c += 8) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      const base = b + (<usize>c << 2);
      let q = weights;
      for (let e = start; e < end; e += 4) {
        const p = base + <usize>i32.load(e) * rowBytes;
        const v = v128.load32_splat(q);
        q += 4;
        s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
        s1 = f32x4.relaxed_madd(v, v128.load(p, 16), s1);
      }
      const t = out + (<usize>c << 2);
      v128.store(t, s0);
      v128.store(t, s1, 16);
    }
    for (; c < columns; c += 4) {
      let s0 = f32x4.splat(0);
      const base = b + (<usize>c << 2);
      let q = weights;
      for (let e = start; e < end; e += 4) {
        const p = base + <usize>i32.load(e) * rowBytes;
        const v = v128.load32_splat(q);
        q += 4;
        s0 = f32x4.relaxed_madd(v, v128.load(p), s0);
      }
      const t = out + (<usize>c << 2);
      storeLanes(t, s0, columns - c);
    }
    out += rowBytes;
  }
}
