// Softmax of a stage and its part in the running output, in float32 operations of the order that
// ../../exp.ts, ../../softmax.ts and the reference stepper fix. No fused operation may stand here.

const LOG2_E: f32 = 1.44269504088896341;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
const SMALLEST: f32 = -87.0;

// @ts-ignore: decorator
@inline
function horner(sum: v128, r: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(sum, r), f32x4.splat(coefficient));
}

/** e^x for x ≤ 0; 0 below −87. */
// @ts-ignore: decorator
@inline
function expNegative(x: v128): v128 {
  const n = f32x4.floor(f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(0.5)));
  const high = f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  const r = f32x4.sub(high, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(1.98756915e-4);
  p = horner(p, r, 1.3981999507e-3);
  p = horner(p, r, 8.3334519073e-3);
  p = horner(p, r, 4.1665795894e-2);
  p = horner(p, r, 1.6666665459e-1);
  p = horner(p, r, 5.0000001201e-1);
  const y = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(y, power), f32x4.gt(x, f32x4.splat(SMALLEST)));
}

/** Largest of float32 [bytes / 4]. */
// @ts-ignore: decorator
@inline
function largestOf(at: usize, bytes: usize): f32 {
  let m = v128.load(at);
  for (let i: usize = 16; i < bytes; i += 16) m = f32x4.pmax(m, v128.load(at + i));
  m = f32x4.pmax(m, i32x4.shuffle(m, m, 2, 3, 0, 1));
  m = f32x4.pmax(m, i32x4.shuffle(m, m, 1, 0, 3, 2));
  return f32x4.extract_lane(m, 0);
}

/** Lowest index that holds `value`. */
// @ts-ignore: decorator
@inline
function indexOf(at: usize, value: f32): i32 {
  const wanted = f32x4.splat(value);
  let i: usize = 0;
  let lanes = i32x4.bitmask(f32x4.eq(v128.load(at), wanted));
  while (lanes == 0) {
    i += 16;
    lanes = i32x4.bitmask(f32x4.eq(v128.load(at + i), wanted));
  }
  return <i32>(i >> 2) + ctz(lanes);
}

/**
 * float32 logits [bytes / 4] at `probabilities` become softmax(logits · inverseTemperature); the
 * running output at `weighted` takes them in with weight e^(confidence − 1).
 */
export function mixIn(
  probabilities: usize, weighted: usize, bytes: usize, inverseTemperature: f32,
  weightSum: usize, stageClass: usize, answer: usize, confidence: usize,
): void {
  const largest = f32x4.splat(largestOf(probabilities, bytes));
  const factor = f32x4.splat(inverseTemperature);
  let sum: f32 = 0;
  for (let i: usize = 0; i < bytes; i += 16) {
    const logits = v128.load(probabilities + i);
    const e = expNegative(f32x4.mul(f32x4.sub(logits, largest), factor));
    v128.store(probabilities + i, e);
    sum += f32x4.extract_lane(e, 0);
    sum += f32x4.extract_lane(e, 1);
    sum += f32x4.extract_lane(e, 2);
    sum += f32x4.extract_lane(e, 3);
  }
  const divisor = f32x4.splat(sum);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(probabilities + i, f32x4.div(v128.load(probabilities + i), divisor));
  }
  const own = largestOf(probabilities, bytes);
  store<i32>(stageClass, indexOf(probabilities, own));
  const weight = expNegative(f32x4.splat(own - 1));
  const total: f32 = load<f32>(weightSum) + f32x4.extract_lane(weight, 0);
  store<f32>(weightSum, total);
  for (let i: usize = 0; i < bytes; i += 16) {
    const part = f32x4.mul(weight, v128.load(probabilities + i));
    v128.store(weighted + i, f32x4.add(v128.load(weighted + i), part));
  }
  const best = largestOf(weighted, bytes);
  store<i32>(answer, indexOf(weighted, best));
  store<f32>(confidence, best / total);
}
