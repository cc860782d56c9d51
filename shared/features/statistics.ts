// Statistics of one channel over one window; the columns of a feature row.
import type { Statistic } from './spec.ts';

/** Samples of one channel, ascending in time. */
export interface WindowSamples {
  /** Milliseconds since the epoch. */
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** The samples of `begin ≤ position < end`. */
export interface SampleRange extends WindowSamples {
  readonly begin: number;
  readonly end: number;
}

function meanOf({ values, begin, end }: SampleRange): number {
  let sum = 0;
  for (let i = begin; i < end; i++) sum += values[i];
  return sum / (end - begin);
}

/** Population standard deviation, two-pass: one-pass formulas cancel on large offsets. */
function deviationOf({ values, begin, end }: SampleRange, mean: number): number {
  let sum = 0;
  for (let i = begin; i < end; i++) sum += (values[i] - mean) * (values[i] - mean);
  return Math.sqrt(sum / (end - begin));
}

/** Least-squares slope in units per second; 0 when all samples share one time. */
function slopeOf({ times, values, begin, end }: SampleRange, mean: number): number {
  const origin = times[begin];
  let sum = 0;
  for (let i = begin; i < end; i++) sum += times[i] - origin;
  const meanTime = sum / (end - begin);
  let covariance = 0;
  let variance = 0;
  for (let i = begin; i < end; i++) {
    const dt = (times[i] - origin - meanTime) / 1000;
    covariance += dt * (values[i] - mean);
    variance += dt * dt;
  }
  return variance === 0 ? 0 : covariance / variance;
}

function minimumOf({ values, begin, end }: SampleRange): number {
  let least = values[begin];
  for (let i = begin + 1; i < end; i++) least = Math.min(least, values[i]);
  return least;
}

function maximumOf({ values, begin, end }: SampleRange): number {
  let most = values[begin];
  for (let i = begin + 1; i < end; i++) most = Math.max(most, values[i]);
  return most;
}

function statisticOf(statistic: Statistic, range: SampleRange, mean: number): number {
  switch (statistic) {
    case 'last':
      return range.values[range.end - 1];
    case 'mean':
      return mean;
    case 'deviation':
      return deviationOf(range, mean);
    case 'slope':
      return slopeOf(range, mean);
    case 'minimum':
      return minimumOf(range);
    case 'maximum':
      return maximumOf(range);
  }
}

/** Writes the statistics of a window from `column` on; NaN (missing) when it holds no sample. */
export function writeStatistics(
  statistics: readonly Statistic[],
  range: SampleRange,
  target: Float32Array | Float64Array,
  column: number,
): void {
  const isEmpty = range.end <= range.begin;
  const mean = isEmpty ? Number.NaN : meanOf(range);
  for (let i = 0; i < statistics.length; i++) {
    target[column + i] = isEmpty ? Number.NaN : statisticOf(statistics[i], range, mean);
  }
}

/** Value of `statistic` over the window; NaN (missing) when the window holds no sample. */
export function windowStatistic(statistic: Statistic, samples: WindowSamples): number {
  const result = new Float64Array(1);
  writeStatistics([statistic], { ...samples, begin: 0, end: samples.times.length }, result, 0);
  return result[0];
}
