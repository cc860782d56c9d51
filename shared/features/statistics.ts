// Statistics of one channel over one window; the columns of a feature row.
import type { Statistic } from './channel-spec.ts';
import { crestOf, kurtosisOf, rmsOf } from './shape-statistics.ts';
import type { ChannelWindow, SampleRange, WindowSamples } from './window.ts';

/**
 * A day, as the longest window: beyond it a value is at rest, and a row is no other for having
 * started to listen a day ago or a month.
 */
export const MAX_SINCE_CHANGE_S = 24 * 60 * 60;

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

/**
 * Seconds at the row's time since the sample with which the value became what it is; since the first
 * sample known where it was never another.
 */
function sinceChangeOf(window: ChannelWindow): number {
  const { times, values, begin, end, time, before, beforeSince } = window;
  const value = values[end - 1];
  let first = end - 1;
  while (first > begin && values[first - 1] === value) first--;
  const since = first === begin && before === value ? beforeSince : times[first];
  return Math.min((time - since) / 1000, MAX_SINCE_CHANGE_S);
}

function statisticOf(statistic: Statistic, window: ChannelWindow, mean: number): number {
  switch (statistic) {
    case 'last':
      return window.values[window.end - 1];
    case 'mean':
      return mean;
    case 'deviation':
      return deviationOf(window, mean);
    case 'slope':
      return slopeOf(window, mean);
    case 'minimum':
      return minimumOf(window);
    case 'maximum':
      return maximumOf(window);
    case 'rms':
      return rmsOf(window);
    case 'kurtosis':
      return kurtosisOf(window, mean);
    case 'crest':
      return crestOf(window);
    case 'sinceChange':
      return sinceChangeOf(window);
  }
}

/** Writes the statistics of a window from `column` on; NaN (missing) when it holds no sample. */
export function writeStatistics(
  statistics: readonly Statistic[],
  window: ChannelWindow,
  target: Float32Array | Float64Array,
  column: number,
): void {
  const isEmpty = window.end <= window.begin;
  const mean = isEmpty ? Number.NaN : meanOf(window);
  for (let i = 0; i < statistics.length; i++) {
    target[column + i] = isEmpty ? Number.NaN : statisticOf(statistics[i], window, mean);
  }
}

/**
 * Value of `statistic` over the window; NaN (missing) when the window holds no sample. Nothing is
 * known from before it.
 *
 * @param time of the row, milliseconds since the epoch. @default {that of the last sample}
 */
export function windowStatistic(
  statistic: Statistic,
  samples: WindowSamples,
  time: number = samples.times[samples.times.length - 1],
): number {
  const result = new Float64Array(1);
  const unknown = { before: Number.NaN, beforeSince: Number.NaN };
  const window = { ...samples, begin: 0, end: samples.times.length, time, ...unknown };
  writeStatistics([statistic], window, result, 0);
  return result[0];
}
