// Statistics of how a signal is spread: what vibration analysts read before any spectrum.
import type { SampleRange } from './window.ts';

/** That of the normal distribution: a signal that does not move has no tails to speak of. */
const CONSTANT_KURTOSIS = 3;

/** Root of the mean square, of the values as they are: the mean is part of it. */
export function rmsOf({ values, begin, end }: SampleRange): number {
  let squares = 0;
  for (let i = begin; i < end; i++) squares += values[i] * values[i];
  return Math.sqrt(squares / (end - begin));
}

function isConstant({ values, begin, end }: SampleRange): boolean {
  for (let i = begin + 1; i < end; i++) if (values[i] !== values[begin]) return false;
  return true;
}

/**
 * Fourth central moment over the squared second, of the population and without 3 taken away: that
 * of a normal distribution is 3, of a sine 1.5; a bearing that begins to spall has 5 and more.
 */
export function kurtosisOf(range: SampleRange, mean: number): number {
  // Asked of the values: the mean of equal values may differ from them in the last bit.
  if (isConstant(range)) return CONSTANT_KURTOSIS;
  const { values, begin, end } = range;
  let largest = 0;
  for (let i = begin; i < end; i++) largest = Math.max(largest, Math.abs(values[i] - mean));
  let second = 0;
  let fourth = 0;
  for (let i = begin; i < end; i++) {
    // Over the largest, so that no power overflows or vanishes.
    const share = (values[i] - mean) / largest;
    const square = share * share;
    second += square;
    fourth += square * square;
  }
  return (fourth * (end - begin)) / (second * second);
}

/** Largest magnitude over the root of the mean square; 1, that of any constant, where all are 0. */
export function crestOf({ values, begin, end }: SampleRange): number {
  let peak = 0;
  for (let i = begin; i < end; i++) peak = Math.max(peak, Math.abs(values[i]));
  if (peak === 0) return 1;
  let squares = 0;
  for (let i = begin; i < end; i++) squares += (values[i] / peak) * (values[i] / peak);
  return 1 / Math.sqrt(squares / (end - begin));
}
