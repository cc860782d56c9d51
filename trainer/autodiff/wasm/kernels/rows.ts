// Rows by number.

/** out[count, columns] = rows of `a` at `indices`. */
export function gatherRows(out: usize, a: usize, indices: usize, count: i32, columns: i32): void {
  const rowBytes = <usize>columns << 2;
  for (let i = 0; i < count; i++) {
    const row = a + <usize>i32.load(indices + (<usize>i << 2)) * rowBytes;
    memory.copy(out, row, rowBytes);
    out += rowBytes;
  }
}

/** out[indices_i] += a_i, one row after the other. */
export function scatterRows(out: usize, a: usize, indices: usize, count: i32, columns: i32): void {
  const rowBytes = <usize>columns << 2;
  for (let i = 0; i < count; i++) {
    const row = out + <usize>i32.load(indices + (<usize>i << 2)) * rowBytes;
    for (let c = 0; c < columns; c++) {
      const to = row + (<usize>c << 2);
      f32.store(to, f32.load(to) + f32.load(a + (<usize>c << 2)));
    }
    a += rowBytes;
  }
}

/** Sets out[count]. */
export function fill(out: usize, value: f32, count: i32): void {
  for (let i = 0; i < count; i++) f32.store(out + (<usize>i << 2), value);
}

/** out[count] = a. */
export function copy(out: usize, a: usize, count: i32): void {
  memory.copy(out, a, <usize>count << 2);
}
