// int32 sums to what a layer hands on, in float32 operations of a fixed order.
import { HALF, MAX_CODE } from './constants';
import { Dot, Pairs } from './dot';

// What a layer writes is a type, like the variants of the dot product.
/** 7-bit codes of hidden units. */
export type Codes = u8;
/** float32 logits of a head. */
export type Logits = f32;
/** The same, added to what stands there. */
export type AddedLogits = f64;

/** clamp(⌊sum · scale + ½⌋, 0, 127) as int32 lanes. */
// @ts-ignore: decorator
@inline
function activation<P>(sums: v128, scale: v128): v128 {
  const value = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sums), scale), v128.load(HALF));
  // Clamped first: from 0 to 127 every truncation is the same.
  const clamped = f32x4.pmin(v128.load(MAX_CODE), f32x4.pmax(f32x4.splat(0), value));
  if (sizeof<P>() <= sizeof<Pairs>()) return i32x4.relaxed_trunc_f32x4_s(clamped);
  return i32x4.trunc_sat_f32x4_s(clamped);
}

// @ts-ignore: decorator
@inline
export function write<P, E>(to: usize, s0: v128, s1: v128, scale0: v128, scale1: v128): void {
  if (sizeof<E>() == sizeof<Codes>()) {
    const words = i16x8.narrow_i32x4_s(activation<P>(s0, scale0), activation<P>(s1, scale1));
    v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  } else {
    let low = f32x4.mul(f32x4.convert_i32x4_s(s0), scale0);
    let high = f32x4.mul(f32x4.convert_i32x4_s(s1), scale1);
    if (sizeof<E>() == sizeof<AddedLogits>()) {
      low = f32x4.add(v128.load(to), low);
      high = f32x4.add(v128.load(to, 16), high);
    }
    v128.store(to, low);
    v128.store(to, high, 16);
  }
}
