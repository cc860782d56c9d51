// Vectors at the end of a row.

/** Stores the first `count` (1..4) lanes. */
// @ts-ignore: decorator
@inline
export function storeLanes(to: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, value);
    return;
  }
  f32.store(to, f32x4.extract_lane(value, 0));
  if (count > 1) f32.store(to, f32x4.extract_lane(value, 1), 4);
  if (count > 2) f32.store(to, f32x4.extract_lane(value, 2), 8);
}
