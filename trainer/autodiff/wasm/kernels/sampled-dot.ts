// Dot products at the entries of a sparse pattern only.

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
