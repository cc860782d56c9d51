// Softmax of a stage and its part in the running output, in float32 operations of the order that
// ../../exp.ts, ../../softmax.ts and the reference stepper fix. No fused operation may stand here.

import { Block } from './block';
import {
  COEFFICIENTS,
  FOUR,
  HALF,
  INTEGER_BITS,
  LANES,
  LN2_HIGH,
  LN2_LOW,
  LOG2_E,
  NO_CLASS,
  ONE,
  SMALLEST,
} from './constants';

// @ts-ignore: decorator
@inline
function horner(sum: v128, r: v128, coefficient: usize): v128 {
  return f32x4.add(f32x4.mul(sum, r), v128.load(coefficient));
}

/** e^x for x ≤ 0; 0 below −87. */
// @ts-ignore: decorator
@inline
function expNegative(x: v128): v128 {
  const n = f32x4.floor(f32x4.add(f32x4.mul(x, v128.load(LOG2_E)), v128.load(HALF)));
  const high = f32x4.sub(x, f32x4.mul(n, v128.load(LN2_HIGH)));
  const r = f32x4.sub(high, f32x4.mul(n, v128.load(LN2_LOW)));
  let p = v128.load(COEFFICIENTS);
  p = horner(p, r, COEFFICIENTS + 16);
  p = horner(p, r, COEFFICIENTS + 32);
  p = horner(p, r, COEFFICIENTS + 48);
  p = horner(p, r, COEFFICIENTS + 64);
  p = horner(p, r, COEFFICIENTS + 80);
  const y = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), v128.load(ONE));
  // n + 127 in the low bits of a float32: the rest is shifted out.
  const power = i32x4.shl(f32x4.add(n, v128.load(INTEGER_BITS)), 23);
  return v128.and(f32x4.mul(y, power), f32x4.gt(x, v128.load(SMALLEST)));
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

/** Lowest of four int32. */
// @ts-ignore: decorator
@inline
function lowestLane(values: v128): i32 {
  const two = i32x4.min_s(values, i32x4.shuffle(values, values, 2, 3, 0, 1));
  return i32x4.extract_lane(i32x4.min_s(two, i32x4.shuffle(two, two, 1, 0, 3, 2)), 0);
}

/**
 * e^((logits − their largest) · inverseTemperature) of float32 [bytes / 4] at `to`.
 *
 * @returns their sum: four partial ones, (s₀ + s₂) + (s₁ + s₃).
 */
// @ts-ignore: decorator
@inline
function exponentials(logits: usize, to: usize, bytes: usize, inverseTemperature: f32): f32 {
  const largest = f32x4.splat(largestOf(logits, bytes));
  const factor = f32x4.splat(inverseTemperature);
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const distance = f32x4.sub(v128.load(logits + i), largest);
    const e = expNegative(f32x4.mul(distance, factor));
    v128.store(to + i, e);
    sums = f32x4.add(sums, e);
  }
  sums = f32x4.add(sums, i32x4.shuffle(sums, sums, 2, 3, 0, 1));
  return f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1);
}

/**
 * Exponentials become probabilities; the running output at `weighted` takes them in. Classes are
 * found without a branch: one that is guessed wrong throws away what the processor has begun of the
 * rows behind.
 *
 * @returns the largest of the running output.
 */
// @ts-ignore: decorator
@inline
function takeIn(
  probabilities: usize, weighted: usize, bytes: usize, reciprocal: v128, weight: v128,
  stageClass: usize, answer: usize,
): f32 {
  const never = v128.load(NO_CLASS);
  let lanes = v128.load(LANES);
  let ownClass = never;
  let best = f32x4.splat(-1);
  let bestClass = never;
  for (let i: usize = 0; i < bytes; i += 16) {
    const probability = f32x4.mul(v128.load(probabilities + i), reciprocal);
    v128.store(probabilities + i, probability);
    const running = f32x4.add(v128.load(weighted + i), f32x4.mul(weight, probability));
    v128.store(weighted + i, running);
    // The largest logit has e⁰ = 1: its probability is the reciprocal itself.
    const isOwn = f32x4.eq(probability, reciprocal);
    ownClass = i32x4.min_s(ownClass, v128.bitselect(lanes, never, isOwn));
    bestClass = v128.bitselect(lanes, bestClass, f32x4.gt(running, best));
    best = f32x4.pmax(best, running);
    lanes = i32x4.add(lanes, v128.load(FOUR));
  }
  const largest = largestLane(best);
  const isBest = f32x4.eq(best, f32x4.splat(largest));
  store<i32>(stageClass, lowestLane(ownClass));
  store<i32>(answer, lowestLane(v128.bitselect(bestClass, never, isBest)));
  return largest;
}

// @ts-ignore: decorator
@inline
function rowAt(block: Block, i: i32): usize {
  return <usize>load<i32>(block.active + (<usize>i << 2));
}

/** A row alone has nobody to wait for: its numbers stay in registers. */
// @ts-ignore: decorator
@inline
function mixOne(block: Block, row: usize, bytes: usize, inverseTemperature: f32): void {
  const at = row * bytes;
  const word = row << 2;
  const probabilities = block.probabilities + at;
  const sum = exponentials(block.logits + at, probabilities, bytes, inverseTemperature);
  const own = f32x4.splat(1 / sum);
  const weight = expNegative(f32x4.sub(own, v128.load(ONE)));
  const largest = takeIn(
    probabilities, block.weighted + at, bytes, own, weight,
    block.stageClasses + word, block.classes + word,
  );
  const total = load<f32>(block.weightSums + word) + f32x4.extract_lane(weight, 0);
  store<f32>(block.weightSums + word, total);
  store<f32>(block.confidence + word, largest / total);
}

/**
 * Logits of rows active[0..count) give probabilities softmax(logits · inverseTemperature), and
 * running outputs with weights e^(confidence − 1). Each step goes over all rows before the next
 * begins: one row's chain of dependent operations is some 230 cycles long, and the processor looks
 * ahead no further than about one row.
 */
export function mixIn(block: Block, count: i32, inverseTemperature: f32): void {
  const bytes = block.classBytes;
  if (count == 1) {
    mixOne(block, rowAt(block, 0), bytes, inverseTemperature);
    return;
  }
  const sums = block.scratch;
  const weights = block.scratch + block.scratchBytes;
  for (let i = 0; i < count; i++) {
    const at = rowAt(block, i) * bytes;
    const sum = exponentials(block.logits + at, block.probabilities + at, bytes, inverseTemperature);
    store<f32>(sums + (<usize>i << 2), sum);
  }
  const end = <usize>count << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const own = f32x4.div(v128.load(ONE), v128.load(sums + at));
    v128.store(sums + at, own);
    v128.store(weights + at, expNegative(f32x4.sub(own, v128.load(ONE))));
  }
  for (let i = 0; i < count; i++) {
    const row = rowAt(block, i);
    const at = row * bytes;
    const word = row << 2;
    const own = sums + (<usize>i << 2);
    const largest = takeIn(
      block.probabilities + at, block.weighted + at, bytes,
      v128.load32_splat(own), v128.load32_splat(own + block.scratchBytes),
      block.stageClasses + word, block.classes + word,
    );
    const total = load<f32>(block.weightSums + word) + load<f32>(own + block.scratchBytes);
    store<f32>(block.weightSums + word, total);
    store<f32>(block.confidence + word, largest / total);
  }
}
