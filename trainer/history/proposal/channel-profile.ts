// How the readings of a channel behave, from a look at up to some hundred thousand of them.
import type { Series, Telemetry } from '../telemetry.ts';

/** More would change no figure in its second digit. */
const MAX_LOOKED_AT = 100_000;

/** As many levels as a controller has states; beyond, nobody counts. */
const MAX_LEVELS = 64;

export interface ChannelProfile {
  readonly name: string;
  readonly unit: string;
  /** Readings of all series. */
  readonly readings: number;
  /** Median time between two readings, milliseconds; NaN where no series has two. */
  readonly everyMs: number;
  /** 99 of 100 readings follow the one before within this time. */
  readonly mostlyMs: number;
  /** Share of the steps in time that are within a tenth of the median, 0..1. */
  readonly regular: number;
  /** Different values, up to 64. */
  readonly levels: number;
  /** Of readings that are the one before once more, 0..1. */
  readonly repeated: number;
  /** Of readings below the one before, 0..1. */
  readonly falling: number;
  /** Of readings on the other side of the mean than the one before, 0..1: noise has a half. */
  readonly crossing: number;
  readonly mean: number;
  readonly deviation: number;
}

interface Pairs {
  /** Ascending. */
  readonly steps: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** Readings with the one before each, evenly over all series. */
function takePairs(series: readonly Series[]): Pairs {
  const total = series.reduce((sum, { times }) => sum + times.length - 1, 0);
  const stride = Math.max(1, Math.ceil(total / MAX_LOOKED_AT));
  const steps: number[] = [];
  const before: number[] = [];
  const after: number[] = [];
  for (const { times, values } of series) {
    for (let i = 1; i < times.length; i += stride) {
      steps.push(times[i] - times[i - 1]);
      before.push(values[i - 1]);
      after.push(values[i]);
    }
  }
  return {
    steps: Float64Array.from(steps).sort(),
    before: Float64Array.from(before),
    after: Float64Array.from(after),
  };
}

const quantile = (sorted: Float64Array, share: number) =>
  sorted.length === 0 ? Number.NaN : sorted[Math.floor(share * (sorted.length - 1))];

function shareOf({ before, after }: Pairs, holds: (a: number, b: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < after.length; i++) if (holds(before[i], after[i])) count++;
  return after.length === 0 ? 0 : count / after.length;
}

function moments(values: Float64Array): { mean: number; deviation: number } {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value / length, 0);
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2 / length, 0);
  return { mean, deviation: Math.sqrt(square) };
}

function levelsOf(series: readonly Series[], { after }: Pairs): number {
  const levels = new Set(series.map(({ values }) => values[0]));
  for (let i = 0; i < after.length && levels.size < MAX_LEVELS; i++) levels.add(after[i]);
  return Math.min(MAX_LEVELS, levels.size);
}

/** One for every channel that has readings, in their order. */
export function profileChannels({ channels, series }: Telemetry): ChannelProfile[] {
  const byChannel = Map.groupBy(series, ({ channel }) => channel);
  return channels.flatMap(({ name, unit }, channel) => {
    const own = byChannel.get(channel);
    if (own === undefined) return [];
    const pairs = takePairs(own);
    const { steps, after } = pairs;
    const firsts = Float64Array.from(own, ({ values }) => values[0]);
    const { mean, deviation } = moments(after.length > 0 ? after : firsts);
    const everyMs = quantile(steps, 0.5);
    const near = steps.filter((step) => Math.abs(step - everyMs) <= everyMs / 10).length;
    return {
      name,
      unit,
      readings: own.reduce((sum, { times }) => sum + times.length, 0),
      everyMs,
      mostlyMs: quantile(steps, 0.99),
      regular: steps.length === 0 ? 0 : near / steps.length,
      levels: levelsOf(own, pairs),
      repeated: shareOf(pairs, (a, b) => a === b),
      falling: shareOf(pairs, (a, b) => b < a),
      crossing: shareOf(pairs, (a, b) => a < mean !== b < mean),
      mean,
      deviation,
    };
  });
}
