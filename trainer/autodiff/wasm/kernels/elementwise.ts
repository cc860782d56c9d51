// Elementwise operations on blocks of rows; operands broadcast by a stride of 0.
import { storeLanes } from './lanes';

const ADD: i32 = 0;
const SUBTRACT: i32 = 1;
const MULTIPLY: i32 = 2;
const DIVIDE: i32 = 3;

// @ts-ignore: decorator
@inline
function combine(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUBTRACT) return f32x4.sub(a, b);
  if (operation == MULTIPLY) return f32x4.mul(a, b);
  return f32x4.div(a, b);
}

// @ts-ignore: decorator
@inline
function load(p: usize, c: i32, broadcast: bool): v128 {
  return broadcast ? v128.load32_splat(p) : v128.load(p + (<usize>c << 2));
}

// @ts-ignore: decorator
@inline
function rowsOf(
  operation: i32,
  splatA: bool,
  splatB: bool,
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  strideA: i32,
  strideB: i32,
): void {
  for (let r = 0; r < rows; r++) {
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      v128.store(out + (<usize>c << 2), combine(operation, load(a, c, splatA), load(b, c, splatB)));
    }
    if (c < columns) {
      const value = combine(operation, load(a, c, splatA), load(b, c, splatB));
      storeLanes(out + (<usize>c << 2), value, columns - c);
    }
    out += <usize>columns << 2;
    a += <usize>strideA << 2;
    b += <usize>strideB << 2;
  }
}

// @ts-ignore: decorator
@inline
function combineAll(
  operation: i32,
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  strideA: i32,
  strideB: i32,
  splatA: bool,
  splatB: bool,
): void {
  // Whole blocks are one long row: short rows (7 classes) would waste their vectors.
  const flat = !splatA && !splatB && strideA == columns && strideB == columns;
  const width = flat ? columns * rows : columns;
  const count = flat ? 1 : rows;
  if (splatA) rowsOf(operation, true, splatB, out, a, b, count, width, strideA, strideB);
  else if (splatB) rowsOf(operation, false, true, out, a, b, count, width, strideA, strideB);
  else rowsOf(operation, false, false, out, a, b, count, width, strideA, strideB);
}

// out[rows, columns] = a ∘ b. A stride is the operand's floats from row to row (0: one row for
// all); a splat operand has one value a row. Reads up to 12 bytes beyond an operand. One
// function an operation: chosen inside the loop, it would cost more than the arithmetic.

export function add(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  strideA: i32,
  strideB: i32,
  splatA: bool,
  splatB: bool,
): void {
  combineAll(ADD, out, a, b, rows, columns, strideA, strideB, splatA, splatB);
}

export function subtract(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  strideA: i32,
  strideB: i32,
  splatA: bool,
  splatB: bool,
): void {
  combineAll(SUBTRACT, out, a, b, rows, columns, strideA, strideB, splatA, splatB);
}

export function multiply(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  strideA: i32,
  strideB: i32,
  splatA: bool,
  splatB: bool,
): void {
  combineAll(MULTIPLY, out, a, b, rows, columns, strideA, strideB, splatA, splatB);
}

export function divide(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  strideA: i32,
  strideB: i32,
  splatA: bool,
  splatB: bool,
): void {
  combineAll(DIVIDE, out, a, b, rows, columns, strideA, strideB, splatA, splatB);
}

/** Dropout mask: 0 where the pool's byte is below `threshold`, else `scale`. */
export function mask(out: usize, pool: usize, count: i32, threshold: i32, scale: f32): void {
  const limit = i32x4.splat(threshold - 1);
  const kept = f32x4.splat(scale);
  for (let i = 0; i < count; i += 4) {
    const bytes = i32x4.extend_low_i16x8_u(
      i16x8.extend_low_i8x16_u(v128.load32_zero(pool + <usize>i)),
    );
    storeLanes(out + (<usize>i << 2), v128.and(i32x4.gt_s(bytes, limit), kept), count - i);
  }
}
