// Transposed sparse products by scattering: for a tall matrix (more rows than columns, as
// features are) the rows that are added to stay in the cache, while a gather would jump about
// in the operand: 2.7 times faster on Coauthor Physics.
import { storeLanes } from './lanes';

/** Columns c..c+16 of every row's contribution. */
// @ts-ignore: decorator
@inline
function scatter16(
  out: usize,
  offsets: usize,
  indices: usize,
  values: usize,
  b: usize,
  rowBytes: usize,
  rows: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const start = i32.load(offsets + (<usize>r << 2));
    const end = i32.load(offsets + (<usize>r << 2), 4);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    for (let e = start; e < end; e++) {
      const t = out + <usize>i32.load(indices + (<usize>e << 2)) * rowBytes;
      const v = values == 0 ? f32x4.splat(1) : v128.load32_splat(values + (<usize>e << 2));
      v128.store(t, f32x4.relaxed_madd(v, b0, v128.load(t)));
      v128.store(t, f32x4.relaxed_madd(v, b1, v128.load(t, 16)), 16);
      v128.store(t, f32x4.relaxed_madd(v, b2, v128.load(t, 32)), 32);
      v128.store(t, f32x4.relaxed_madd(v, b3, v128.load(t, 48)), 48);
    }
    b += rowBytes;
  }
}

/** The last columns, fewer than 16. */
function scatterRest(
  out: usize,
  offsets: usize,
  indices: usize,
  values: usize,
  b: usize,
  rowBytes: usize,
  rows: i32,
  columns: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const start = i32.load(offsets + (<usize>r << 2));
    const end = i32.load(offsets + (<usize>r << 2), 4);
    for (let e = start; e < end; e++) {
      const t = out + <usize>i32.load(indices + (<usize>e << 2)) * rowBytes;
      const v = values == 0 ? f32x4.splat(1) : v128.load32_splat(values + (<usize>e << 2));
      for (let c = 0; c < columns; c += 4) {
        const at = t + (<usize>c << 2);
        const sum = f32x4.relaxed_madd(v, v128.load(b + (<usize>c << 2)), v128.load(at));
        storeLanes(at, sum, columns - c);
      }
    }
    b += rowBytes;
  }
}

/**
 * Columns `from`..`to` (in tiles of 16) of Sᵀ · b, added to `out` [d, columns]: every row i
 * gives v_e b_i to row indices_e.
 *
 * @param values f32 [entries] in row order, or 0 for all ones.
 */
export function sparseScatter(
  out: usize,
  offsets: usize,
  indices: usize,
  values: usize,
  b: usize,
  rows: i32,
  columns: i32,
  from: i32,
  to: i32,
): void {
  const rowBytes = <usize>columns << 2;
  const end = min(to * 16, columns);
  let c = from * 16;
  for (; c + 16 <= end; c += 16) {
    const at = <usize>c << 2;
    scatter16(out + at, offsets, indices, values, b + at, rowBytes, rows);
  }
  if (c < end) {
    const at = <usize>c << 2;
    scatterRest(out + at, offsets, indices, values, b + at, rowBytes, rows, end - c);
  }
}
