// A sparse first layer: bias plus the columns of a row's non-zeros, 16 outputs by 4 columns at a time.
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

/** Writes int32 sums [columns.bytes] of one row at `to`; its entries are begin..end. */
export function sparse<P>(
  columns: Columns, indices: usize, codes: usize, begin: i32, end: i32, to: usize,
): void {
  const stride = columns.bytes;
  const ones = loadOnes();
  for (let o: usize = 0; o < stride; o += 16) {
    const weights = columns.weights + o;
    const bias = columns.bias + (o << 2);
    let s0 = v128.load(bias);
    let s1 = v128.load(bias, 16);
    let s2 = v128.load(bias, 32);
    let s3 = v128.load(bias, 48);
    for (let e = begin; e < end; e += 4) {
      const at = indices + (<usize>e << 2);
      let word = load<u32>(codes + <usize>e);
      const rest = end - e;
      const a = v128.load(weights + <usize>load<u32>(at) * stride);
      let b = a;
      let c = a;
      let d = a;
      if (rest >= 4) {
        b = v128.load(weights + <usize>load<u32>(at, 4) * stride);
        c = v128.load(weights + <usize>load<u32>(at, 8) * stride);
        d = v128.load(weights + <usize>load<u32>(at, 12) * stride);
      } else {
        // Beyond the row stand another row's entries: their codes become 0.
        word &= (1 << (rest << 3)) - 1;
        if (rest > 1) b = v128.load(weights + <usize>load<u32>(at, 4) * stride);
        if (rest > 2) c = v128.load(weights + <usize>load<u32>(at, 8) * stride);
      }
      const x = i32x4.splat(word);
      const ab0 = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const cd0 = i8x16.shuffle(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      s0 = dot<P>(transpose<P>(ab0, cd0, 0), x, s0, ones);
      s1 = dot<P>(transpose<P>(ab0, cd0, 1), x, s1, ones);
      const ab1 = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const cd1 = i8x16.shuffle(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      s2 = dot<P>(transpose<P>(ab1, cd1, 0), x, s2, ones);
      s3 = dot<P>(transpose<P>(ab1, cd1, 1), x, s3, ones);
    }
    const sums = to + (o << 2);
    v128.store(sums, s0);
    v128.store(sums, s1, 16);
    v128.store(sums, s2, 32);
    v128.store(sums, s3, 48);
  }
}
