// Dense products. Every output is one chain of fused multiply-adds over the inner index in
// ascending order, whatever the tile it falls into: the bits do not depend on the blocking.

import { storeLanes } from './lanes';

// 4 rows × 8 columns keep 8 accumulators, 2 vectors of b and a broadcast of a in 16 registers.

/** out[rows, columns] = a[rows, inner] · b[inner, columns]; reads up to 12 bytes beyond b. */
export function matmul(out: usize, a: usize, b: usize, rows: i32, inner: i32, columns: i32): void {
  const rowBytes = <usize>columns << 2;
  const innerBytes = <usize>inner << 2;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const a0 = a + <usize>r * innerBytes;
    const a1 = a0 + innerBytes;
    const a2 = a1 + innerBytes;
    const a3 = a2 + innerBytes;
    const o = out + <usize>r * rowBytes;
    let c = 0;
    for (; c + 8 <= columns; c += 8) {
      let s00 = f32x4.splat(0);
      let s01 = s00;
      let s10 = s00;
      let s11 = s00;
      let s20 = s00;
      let s21 = s00;
      let s30 = s00;
      let s31 = s00;
      let p = b + (<usize>c << 2);
      for (let k: usize = 0; k < innerBytes; k += 4) {
        const b0 = v128.load(p);
        const b1 = v128.load(p, 16);
        const x0 = v128.load32_splat(a0 + k);
        s00 = f32x4.relaxed_madd(x0, b0, s00);
        s01 = f32x4.relaxed_madd(x0, b1, s01);
        const x1 = v128.load32_splat(a1 + k);
        s10 = f32x4.relaxed_madd(x1, b0, s10);
        s11 = f32x4.relaxed_madd(x1, b1, s11);
        const x2 = v128.load32_splat(a2 + k);
        s20 = f32x4.relaxed_madd(x2, b0, s20);
        s21 = f32x4.relaxed_madd(x2, b1, s21);
        const x3 = v128.load32_splat(a3 + k);
        s30 = f32x4.relaxed_madd(x3, b0, s30);
        s31 = f32x4.relaxed_madd(x3, b1, s31);
        p += rowBytes;
      }
      const t = o + (<usize>c << 2);
      v128.store(t, s00);
      v128.store(t, s01, 16);
      v128.store(t + rowBytes, s10);
      v128.store(t + rowBytes, s11, 16);
      v128.store(t + 2 * rowBytes, s20);
      v128.store(t + 2 * rowBytes, s21, 16);
      v128.store(t + 3 * rowBytes, s30);
      v128.store(t + 3 * rowBytes, s31, 16);
    }
    for (; c < columns; c += 4) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let p = b + (<usize>c << 2);
      for (let k: usize = 0; k < innerBytes; k += 4) {
        const b0 = v128.load(p);
        s0 = f32x4.relaxed_madd(v128.load32_splat(a0 + k), b0, s0);
        s1 = f32x4.relaxed_madd(v128.load32_splat(a1 + k), b0, s1);
        s2 = f32x4.relaxed_madd(v128.load32_splat(a2 + k), b0, s2);
        s3 = f32x4.relaxed_madd(v128.load32_splat(a3 + k), b0, s3);
        p += rowBytes;
      }
      const t = o + (<usize>c << 2);
      const lanes = columns - c;
      storeLanes(t, s0, lanes);
      storeLanes(t + rowBytes, s1, lanes);
      storeLanes(t + 2 * rowBytes, s2, lanes);
      storeLanes(t + 3 * rowBytes, s3, lanes);
    }
  }
  for (; r < rows; r++) {
    const a0 = a + <usize>r * innerBytes;
    const o = out + <usize>r * rowBytes;
    for (let c = 0; c < columns; c += 4) {
      let s0 = f32x4.splat(0);
      let p = b + (<usize>c << 2);
      for (let k: usize = 0; k < innerBytes; k += 4) {
        s0 = f32x4.relaxed_madd(v128.load32_splat(a0 + k), v128.load(p), s0);
        p += rowBytes;
      }
      storeLanes(o + (<usize>c << 2), s0, columns - c);
    }
  }
}

/** out[left, right] += a[rows, left]ᵀ · b[rows, right], row after row; reads up to 12 bytes beyond b. */
export function matmulTransposed(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  left: i32,
  right: i32,
): void {
  const leftBytes = <usize>left << 2;
  const rightBytes = <usize>right << 2;
  const end = a + <usize>rows * leftBytes;
  let i = 0;
  for (; i + 4 <= left; i += 4) {
    const o = out + <usize>i * rightBytes;
    let c = 0;
    for (; c + 8 <= right; c += 8) {
      const t = o + (<usize>c << 2);
      let s00 = v128.load(t);
      let s01 = v128.load(t, 16);
      let s10 = v128.load(t + rightBytes);
      let s11 = v128.load(t + rightBytes, 16);
      let s20 = v128.load(t + 2 * rightBytes);
      let s21 = v128.load(t + 2 * rightBytes, 16);
      let s30 = v128.load(t + 3 * rightBytes);
      let s31 = v128.load(t + 3 * rightBytes, 16);
      let q = b + (<usize>c << 2);
      for (let p = a + (<usize>i << 2); p < end; p += leftBytes) {
        const b0 = v128.load(q);
        const b1 = v128.load(q, 16);
        const x0 = v128.load32_splat(p);
        s00 = f32x4.relaxed_madd(x0, b0, s00);
        s01 = f32x4.relaxed_madd(x0, b1, s01);
        const x1 = v128.load32_splat(p, 4);
        s10 = f32x4.relaxed_madd(x1, b0, s10);
        s11 = f32x4.relaxed_madd(x1, b1, s11);
        const x2 = v128.load32_splat(p, 8);
        s20 = f32x4.relaxed_madd(x2, b0, s20);
        s21 = f32x4.relaxed_madd(x2, b1, s21);
        const x3 = v128.load32_splat(p, 12);
        s30 = f32x4.relaxed_madd(x3, b0, s30);
        s31 = f32x4.relaxed_madd(x3, b1, s31);
        q += rightBytes;
      }
      v128.store(t, s00);
      v128.store(t, s01, 16);
      v128.store(t + rightBytes, s10);
      v128.store(t + rightBytes, s11, 16);
      v128.store(t + 2 * rightBytes, s20);
      v128.store(t + 2 * rightBytes, s21, 16);
      v128.store(t + 3 * rightBytes, s30);
      v128.store(t + 3 * rightBytes, s31, 16);
    }
    for (; c < right; c += 4) {
      const t = o + (<usize>c << 2);
      let s0 = v128.load(t);
      let s1 = v128.load(t + rightBytes);
      let s2 = v128.load(t + 2 * rightBytes);
      let s3 = v128.load(t + 3 * rightBytes);
      let q = b + (<usize>c << 2);
      for (let p = a + (<usize>i << 2); p < end; p += leftBytes) {
        const b0 = v128.load(q);
        s0 = f32x4.relaxed_madd(v128.load32_splat(p), b0, s0);
        s1 = f32x4.relaxed_madd(v128.load32_splat(p, 4), b0, s1);
        s2 = f32x4.relaxed_madd(v128.load32_splat(p, 8), b0, s2);
        s3 = f32x4.relaxed_madd(v128.load32_splat(p, 12), b0, s3);
        q += rightBytes;
      }
      const lanes = right - c;
      storeLanes(t, s0, lanes);
      storeLanes(t + rightBytes, s1, lanes);
      storeLanes(t + 2 * rightBytes, s2, lanes);
      storeLanes(t + 3 * rightBytes, s3, lanes);
    }
  }
  for (; i < left; i++) {
    const o = out + <usize>i * rightBytes;
    for (let c = 0; c < right; c += 4) {
      const t = o + (<usize>c << 2);
      let s0 = v128.load(t);
      let q = b + (<usize>c << 2);
      for (let p = a + (<usize>i << 2); p < end; p += leftBytes) {
        s0 = f32x4.relaxed_madd(v128.load32_splat(p), v128.load(q), s0);
        q += rightBytes;
      }
      storeLanes(t, s0, right - c);
    }
  }
}

/** out[columns, rows] = aᵀ. */
export function transpose(out: usize, a: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      f32.store(out + (<usize>(c * rows + r) << 2), f32.load(a + (<usize>(r * columns + c) << 2)));
    }
  }
}
