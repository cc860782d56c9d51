// A sparse first layer: bias plus the columns of a row's non-zeros, 16 or 8 outputs by 4 columns at
// a time.
import { Columns } from './block';
import { dot, loadOnes, Pairs } from './dot';

// @ts-ignore: decorator
@inline
function transpose<P>(low: v128, high: v128, quarter: i32): v128 {
  // low holds outputs × columns (a, b), high (c, d), two bytes an output.
  if (sizeof<P>() <= sizeof<Pairs>()) {
    return quarter == 0
      ? i16x8.shuffle(low, high, 0, 8, 1, 9, 2, 10, 3, 11)
      : i16x8.shuffle(low, high, 4, 12, 5, 13, 6, 14, 7, 15);
  }
  return quarter == 0 ? i64x2.shuffle(low, high, 0, 2) : i64x2.shuffle(low, high, 1, 3);
}

/** Weights of one column: 16 outputs, or 8. */
// @ts-ignore: decorator
@inline
function column<P>(weights: usize, stride: usize, index: usize, wide: bool): v128 {
  const at = weights + <usize>load<u32>(index) * stride;
  return wide ? v128.load(at) : v128.load64_zero(at);
}

/** Sums of 16 outputs, or of 8, of a row whose entries are begin..end. */
// @ts-ignore: decorator
@inline
function outputs<P>(
  weights: usize, stride: usize, bias: usize, indices: usize, codes: usize,
  begin: i32, end: i32, to: usize, wide: bool,
): void {
  const ones = loadOnes();
  let s0 = v128.load(bias);
  let s1 = v128.load(bias, 16);
  let s2 = wide ? v128.load(bias, 32) : s0;
  let s3 = wide ? v128.load(bias, 48) : s0;
  for (let e = begin; e < end; e += 4) {
    const at = indices + (<usize>e << 2);
    let word = load<u32>(codes + <usize>e);
    const rest = end - e;
    const a = column<P>(weights, stride, at, wide);
    let b = a;
    let c = a;
    let d = a;
    if (rest >= 4) {
      b = column<P>(weights, stride, at + 4, wide);
      c = column<P>(weights, stride, at + 8, wide);
      d = column<P>(weights, stride, at + 12, wide);
    } else {
      // Beyond the row stand another row's entries: their codes become 0.
      word &= (1 << (rest << 3)) - 1;
      if (rest > 1) b = column<P>(weights, stride, at + 4, wide);
      if (rest > 2) c = column<P>(weights, stride, at + 8, wide);
    }
    const x = i32x4.splat(word);
    const ab0 = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const cd0 = i8x16.shuffle(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    s0 = dot<P>(transpose<P>(ab0, cd0, 0), x, s0, ones);
    s1 = dot<P>(transpose<P>(ab0, cd0, 1), x, s1, ones);
    if (!wide) continue;
    const ab1 = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const cd1 = i8x16.shuffle(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    s2 = dot<P>(transpose<P>(ab1, cd1, 0), x, s2, ones);
    s3 = dot<P>(transpose<P>(ab1, cd1, 1), x, s3, ones);
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
  if (!wide) return;
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
}

/** Writes int32 sums [columns.bytes] of one row at `to`; its entries are begin..end. */
export function sparse<P>(
  columns: Columns, indices: usize, codes: usize, begin: i32, end: i32, to: usize,
): void {
  const stride = columns.bytes;
  const weights = columns.weights;
  const bias = columns.bias;
  let o: usize = 0;
  for (; o + 16 <= stride; o += 16) {
    outputs<P>(weights + o, stride, bias + (o << 2), indices, codes, begin, end, to + (o << 2), true);
  }
  // The first stages of a staircase often have 8 units.
  if (o == stride) return;
  outputs<P>(weights + o, stride, bias + (o << 2), indices, codes, begin, end, to + (o << 2), false);
}
