// Softmax of a stage and its part in the running output, in float32 operations of the order that
// ../../exp.ts, ../../softmax.ts and the reference stepper fix. No fused operation may stand here.

const LOG2_E: f32 = 1.44269504088896341;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
const SMALLEST: f32 = -87.0;
/** 1.5 · 2²³ + 127: where float32 counts in whole numbers. */
const INTEGER_BITS: f32 = 12583039.0;

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
  // n + 127 in the low bits of a float32: the rest is shifted out.
  const power = i32x4.shl(f32x4.add(n, f32x4.splat(INTEGER_BITS)), 23);
  return v128.and(f32x4.mul(y, power), f32x4.gt(x, f32x4.splat(SMALLEST)));
}

// @ts-ignore: decorator
@inline
function largestLane(values: v128): f32 {
  const two = f32x4.pmax(values, i32x4.shuffle(values, values, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(two, i32x4.shuffle(two, two, 1, 0, 3, 2)), 0);
}

/** Largest of float32 [bytes / 4]. */
// @ts-ignore: decorator
@inline
function largestOf(at: usize, bytes: usize): f32 {
  let largest = v128.load(at);
  for (let i: usize = 16; i < bytes; i += 16) largest = f32x4.pmax(largest, v128.load(at + i));
  return largestLane(largest);
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
 * float32 logits [bytes / 4] give probabilities softmax(logits · inverseTemperature); the running
 * output at `weighted` takes them in with weight e^(confidence − 1).
 */
export function mixIn(
  logits: usize, probabilities: usize, weighted: usize, bytes: usize, inverseTemperature: f32,
  weightSum: usize, stageClass: usize, answer: usize, confidence: usize,
): void {
  const largest = f32x4.splat(largestOf(logits, bytes));
  const factor = f32x4.splat(inverseTemperature);
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const distance = f32x4.sub(v128.load(logits + i), largest);
    const e = expNegative(f32x4.mul(distance, factor));
    v128.store(probabilities + i, e);
    sums = f32x4.add(sums, e);
  }
  sums = f32x4.add(sums, i32x4.shuffle(sums, sums, 2, 3, 0, 1));
  const sum: f32 = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1);
  // The largest logit has e⁰ = 1: its probability is the reciprocal itself.
  const own: f32 = 1 / sum;
  const weight = expNegative(f32x4.splat(own - 1));
  const reciprocal = f32x4.splat(own);
  let best = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const probability = f32x4.mul(v128.load(probabilities + i), reciprocal);
    v128.store(probabilities + i, probability);
    const running = f32x4.add(v128.load(weighted + i), f32x4.mul(weight, probability));
    v128.store(weighted + i, running);
    best = f32x4.pmax(best, running);
  }
  const total: f32 = load<f32>(weightSum) + f32x4.extract_lane(weight, 0);
  store<f32>(weightSum, total);
  const largestRunning = largestLane(best);
  store<i32>(stageClass, indexOf(probabilities, own));
  store<i32>(answer, indexOf(weighted, largestRunning));
  store<f32>(confidence, largestRunning / total);
}
