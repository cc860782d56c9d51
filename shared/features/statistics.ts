// Statistics of one channel over one window; the columns of a feature row.
import type { Statistic } from './spec.ts';

/** Samples of one channel, ascending in time. */
export interface WindowSamples {
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

type Rule = (samples: WindowSamples) => number;

function meanOf(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum / numbers.length;
}

/** Population standard deviation, two-pass: one-pass formulas cancel on large offsets. */
const deviation: Rule = ({ values }) => {
  const mean = meanOf(values);
  let sum = 0;
  for (const value of values) sum += (value - mean) * (value - mean);
  return Math.sqrt(sum / values.length);
};

/** Least-squares slope in units per second; 0 when all samples share one time. */
const slope: Rule = ({ times, values }) => {
  const origin = times[0];
  const meanTime = meanOf(times.map((time) => time - origin));
  const meanValue = meanOf(values);
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < times.length; i++) {
    const dt = (times[i] - origin - meanTime) / 1000;
    covariance += dt * (values[i] - meanValue);
    variance += dt * dt;
  }
  return variance === 0 ? 0 : covariance / variance;
};

const RULES: Readonly<Record<Statistic, Rule>> = {
  last: ({ values }) => values[values.length - 1],
  mean: ({ values }) => meanOf(values),
  deviation,
  slope,
  minimum: ({ values }) => values.reduce((a, b) => Math.min(a, b)),
  maximum: ({ values }) => values.reduce((a, b) => Math.max(a, b)),
};

/** Value of `statistic` over the window; NaN (missing) when the window holds no sample. */
export function windowStatistic(statistic: Statistic, samples: WindowSamples): number {
  return samples.times.length === 0 ? Number.NaN : RULES[statistic](samples);
}
