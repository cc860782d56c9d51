// Sums and maxima over rows or columns. Sums over rows add to what `out` holds, so that a
// chunk of rows can be taken block by block.
import { storeLanes } from './lanes';

// @ts-ignore: decorator
@inline
function rowValue(maximum: bool, a: usize, columns: i32): f32 {
  let result: f32 = maximum ? f32.load(a) : 0;
  for (let c = maximum ? 1 : 0; c < columns; c++) {
    const value = f32.load(a + (<usize>c << 2));
    result = maximum ? max(result, value) : result + value;
  }
  return result;
}

/** out[rows] = Σ_c a[rows, columns]. */
export function sumColumns(out: usize, a: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    f32.store(out + (<usize>r << 2), rowValue(false, a, columns));
    a += <usize>columns << 2;
  }
}

/** out[rows] = max_c a[rows, columns]. */
export function maximumColumns(out: usize, a: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    f32.store(out + (<usize>r << 2), rowValue(true, a, columns));
    a += <usize>columns << 2;
  }
}

// @ts-ignore: decorator
@inline
function overRows(maximum: bool, out: usize, a: usize, rows: i32, columns: i32): void {
  const rowBytes = <usize>columns << 2;
  for (let c = 0; c < columns; c += 4) {
    let s = v128.load(out + (<usize>c << 2));
    let p = a + (<usize>c << 2);
    for (let r = 0; r < rows; r++) {
      s = maximum ? f32x4.pmax(s, v128.load(p)) : f32x4.add(s, v128.load(p));
      p += rowBytes;
    }
    storeLanes(out + (<usize>c << 2), s, columns - c);
  }
}

/** out[columns] += Σ_r a[rows, columns]. */
export function sumRows(out: usize, a: usize, rows: i32, columns: i32): void {
  overRows(false, out, a, rows, columns);
}

/** out[columns] = max(out, max_r a[rows, columns]). */
export function maximumRows(out: usize, a: usize, rows: i32, columns: i32): void {
  overRows(true, out, a, rows, columns);
}
