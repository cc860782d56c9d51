// The dot product that everything else is made of: 4 outputs by 4 inputs. All variants give the
// same int32 sums; which is quickest depends on the processor.
import { ONES } from './constants';

// A variant is a type, so that it costs nothing at run time.
/** One relaxed instruction: a single operation where the processor has VNNI or SDOT. */
export type Dot = u8;
/** A relaxed product in int16 and a widening: 3 operations everywhere else. */
export type Pairs = u16;
/** SIMD128 alone: both sides widened to int16. */
export type Wide = u32;

/** 4 codes in every lane group; codes are at most 127, so no sum of 2 products leaves int16. */
// @ts-ignore: decorator
@inline
export function loadCodes(at: usize): v128 {
  return v128.load32_splat(at);
}

/** int16 ones. A constant in the code would be two of the five operations that `Dot` takes on AVX2. */
// @ts-ignore: decorator
@inline
export function loadOnes(): v128 {
  return v128.load(ONES);
}

/**
 * sums[o] + Σ_j weights[o, j] · codes[j]; `ones` is what `loadOnes` gives. Order of the 16 weights: output by output for the relaxed
 * variants; for `Wide` inputs 0 and 1 of all outputs, then inputs 2 and 3.
 */
// @ts-ignore: decorator
@inline
export function dot<P>(weights: v128, codes: v128, sums: v128, ones: v128): v128 {
  if (sizeof<P>() == sizeof<Dot>()) {
    return i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, codes, sums);
  }
  if (sizeof<P>() == sizeof<Pairs>()) {
    const products = i16x8.relaxed_dot_i8x16_i7x16_s(weights, codes);
    return i32x4.add(sums, i32x4.dot_i16x8_s(products, ones));
  }
  const wide = i16x8.extend_low_i8x16_u(codes);
  const first = i32x4.shuffle(wide, wide, 0, 0, 0, 0);
  const second = i32x4.shuffle(wide, wide, 1, 1, 1, 1);
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(weights), first);
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(weights), second);
  return i32x4.add(sums, i32x4.add(low, high));
}
