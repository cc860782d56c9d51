// Float features to 7-bit codes, in the float32 operations of ../../quantise.ts.
import { HALF } from './constants';

/** Beyond these every code is 0 or 127, whatever the zero point. */
const LIMIT: f32 = 127.0;

/**
 * Rows of float32 [count, width] at `values` give uint8 [count, width] at `codes`, each packed
 * tightly. `offset` and `multiplier` are float32 [width], zero point 0..127. Up to 3 codes are
 * written beyond the last, and up to 3 floats read beyond each array.
 */
export function quantise(
  values: usize, count: i32, width: usize, offset: usize, multiplier: usize, zeroPoint: i32,
  codes: usize,
): void {
  const zero = i32x4.splat(zeroPoint);
  const high = f32x4.splat(LIMIT);
  const low = f32x4.splat(-LIMIT);
  const largest = i16x8.splat(127);
  for (let i = 0; i < count; i++) {
    for (let j: usize = 0; j < width; j += 4) {
      const at = j << 2;
      const x = v128.load(values + at);
      const scaled = f32x4.mul(f32x4.sub(x, v128.load(offset + at)), v128.load(multiplier + at));
      const whole = f32x4.floor(f32x4.add(scaled, v128.load(HALF)));
      // Where a bundle's own numbers give NaN the smaller operand of pmax, the limit, stays.
      const near = f32x4.pmin(high, f32x4.pmax(low, whole));
      const code = i32x4.add(i32x4.trunc_sat_f32x4_s(near), zero);
      const words = i16x8.narrow_i32x4_s(v128.bitselect(code, zero, f32x4.eq(x, x)), zero);
      const bytes = i8x16.narrow_i16x8_u(i16x8.min_s(words, largest), words);
      // The row's last store may reach into the next row, which is written after it.
      v128.store32_lane(codes + j, bytes, 0);
    }
    values += width << 2;
    codes += width;
  }
}
