// Elementwise functions. exp and log are polynomials in a fixed order of float32 operations,
// so that they do not depend on the engine's library.
import { storeLanes } from './lanes';

// Cephes expf and logf (Moshier), relative error below 2⁻²³.
// Beyond ±88 the result is no normal float32; at the lower end it becomes 0 for log-softmax's sake.
const EXP_LIMIT: f32 = 88.0;
const EXP_ZERO: f32 = -87.0;
const LOG2_E: f32 = 1.44269504088896341;
const LN_2_HIGH: f32 = 0.693359375;
const LN_2_LOW: f32 = -2.12194440e-4;
const SQRT_HALF: f32 = 0.707106781186547524;

// @ts-ignore: decorator
@inline
function horner(sum: v128, x: v128, coefficient: f32): v128 {
  return f32x4.relaxed_madd(sum, x, f32x4.splat(coefficient));
}

function exp4(value: v128): v128 {
  const x = f32x4.pmin(f32x4.splat(EXP_LIMIT), value);
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E)));
  let r = f32x4.relaxed_nmadd(n, f32x4.splat(LN_2_HIGH), x);
  r = f32x4.relaxed_nmadd(n, f32x4.splat(LN_2_LOW), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = horner(p, r, 1.3981999507e-3);
  p = horner(p, r, 8.3334519073e-3);
  p = horner(p, r, 4.1665795894e-2);
  p = horner(p, r, 1.6666665459e-1);
  p = horner(p, r, 5.0000001201e-1);
  const series = f32x4.add(
    f32x4.relaxed_madd(p, f32x4.mul(r, r), r),
    f32x4.splat(1),
  );
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  const result = f32x4.mul(series, power);
  return v128.and(result, f32x4.ge(value, f32x4.splat(EXP_ZERO)));
}

function log4(x: v128): v128 {
  const bits = i32x4.sub(x, i32x4.splat(0x3f000000));
  let e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const small = f32x4.lt(m, f32x4.splat(SQRT_HALF));
  e = f32x4.sub(e, v128.and(small, f32x4.splat(1)));
  const y = f32x4.add(f32x4.sub(m, f32x4.splat(1)), v128.and(small, m));
  const z = f32x4.mul(y, y);
  let p = f32x4.splat(7.0376836292e-2);
  p = horner(p, y, -1.1514610310e-1);
  p = horner(p, y, 1.1676998740e-1);
  p = horner(p, y, -1.2420140846e-1);
  p = horner(p, y, 1.4249322787e-1);
  p = horner(p, y, -1.6668057665e-1);
  p = horner(p, y, 2.0000714765e-1);
  p = horner(p, y, -2.4999993993e-1);
  p = horner(p, y, 3.3333331174e-1);
  p = f32x4.mul(f32x4.mul(p, y), z);
  p = f32x4.relaxed_madd(e, f32x4.splat(LN_2_LOW), p);
  p = f32x4.relaxed_nmadd(z, f32x4.splat(0.5), p);
  return f32x4.relaxed_madd(e, f32x4.splat(LN_2_HIGH), f32x4.add(y, p));
}

const EXP: i32 = 0;
const LOG: i32 = 1;
const SQRT: i32 = 2;
const RELU: i32 = 3;
const STEP: i32 = 4;

// @ts-ignore: decorator
@inline
function apply(operation: i32, x: v128): v128 {
  if (operation == EXP) return exp4(x);
  if (operation == LOG) return log4(x);
  if (operation == SQRT) return f32x4.sqrt(x);
  const zero = f32x4.splat(0);
  // Not `x and x > 0`: a NaN must stay one, or a diverged training would look healthy.
  if (operation == RELU) return v128.andnot(x, f32x4.lt(x, zero));
  return v128.and(f32x4.gt(x, zero), f32x4.splat(1));
}

// @ts-ignore: decorator
@inline
function all(operation: i32, out: usize, a: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(out + (<usize>i << 2), apply(operation, v128.load(a + (<usize>i << 2))));
  }
  if (i < count) {
    const value = apply(operation, v128.load(a + (<usize>i << 2)));
    storeLanes(out + (<usize>i << 2), value, count - i);
  }
}

// out[count] = f(a); reads up to 12 bytes beyond a.

export function exp(out: usize, a: usize, count: i32): void {
  all(EXP, out, a, count);
}

/** For normal positive numbers. */
export function log(out: usize, a: usize, count: i32): void {
  all(LOG, out, a, count);
}

export function sqrt(out: usize, a: usize, count: i32): void {
  all(SQRT, out, a, count);
}

export function relu(out: usize, a: usize, count: i32): void {
  all(RELU, out, a, count);
}

export function step(out: usize, a: usize, count: i32): void {
  all(STEP, out, a, count);
}
