// How much of a signal moves at which frequencies: its root mean square by bands.
import type { Band } from './channel-spec.ts';
import { powerSpectrum } from './spectrum.ts';
import { cosineOfTurn } from './turns.ts';
import type { SampleRange } from './window.ts';

export interface BandOptions {
  readonly bands: readonly Band[];
  /** Nominal time between two samples, milliseconds. */
  readonly sampleMs: number;
  /** Samples of a window without a gap. */
  readonly samples: number;
}

/** Windows of all lengths between half and whole, of each spec; then it is emptied. */
const MAX_TAPERS = 64;

interface Taper {
  readonly weights: Float64Array;
  readonly sum: number;
  readonly squares: number;
}

const tapers = new Map<number, Taper>();

/** Hann's window, without the zeros at its ends. */
function taperOf(length: number): Taper {
  const known = tapers.get(length);
  if (known !== undefined) return known;
  const weights = Float64Array.from(
    { length },
    (_, i) => 0.5 - 0.5 * cosineOfTurn(i + 1, length + 1),
  );
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  if (tapers.size >= MAX_TAPERS) tapers.clear();
  const taper = { weights, sum, squares };
  tapers.set(length, taper);
  return taper;
}

/** A straight line where there is no sample between two. */
function fillGaps(signal: Float64Array): void {
  let previous = 0;
  for (let i = 1; i < signal.length; i++) {
    if (Number.isNaN(signal[i])) continue;
    const step = (signal[i] - signal[previous]) / (i - previous);
    for (let j = previous + 1; j < i; j++) signal[j] = signal[previous] + step * (j - previous);
    previous = i;
  }
}

/** The samples at equal times, up to the last one; `undefined` where half of them are missing. */
function atEqualTimes(
  { times, values, begin, end }: SampleRange,
  { sampleMs, samples }: BandOptions,
): Float64Array | undefined {
  const last = times[end - 1];
  // From the last sample, which has no jitter of its own there; the later of two in one place counts.
  const placeOf = (i: number) => Math.round((last - times[i]) / sampleMs);
  let first = begin;
  while (placeOf(first) >= samples) first++;
  const length = placeOf(first) + 1;
  const signal = new Float64Array(length).fill(Number.NaN);
  let count = 0;
  for (let i = first; i < end; i++) {
    const place = length - 1 - placeOf(i);
    if (Number.isNaN(signal[place])) count++;
    signal[place] = values[i];
  }
  if (2 * count < samples) return undefined;
  fillGaps(signal);
  return signal;
}

function powerOfTwoFrom(length: number): number {
  let size = 1;
  while (size < length) size *= 2;
  return size;
}

/**
 * Writes, from `column` on, the root mean square of the signal, without its mean, at frequencies in
 * [fromHz, toHz) of each band: of a sine within it its amplitude over √2. From the discrete Fourier
 * transform of the samples under Hann's window; single samples that are missing are interpolated.
 * NaN (missing) where fewer than half of the window's samples are there.
 */
export function writeBandLevels(
  options: BandOptions,
  range: SampleRange,
  target: Float32Array | Float64Array,
  column: number,
): void {
  const { bands, sampleMs } = options;
  const isEmpty = range.end <= range.begin;
  const signal = isEmpty ? undefined : atEqualTimes(range, options);
  if (signal === undefined) {
    target.fill(Number.NaN, column, column + bands.length);
    return;
  }
  const { weights, sum, squares } = taperOf(signal.length);
  let mean = 0;
  for (let i = 0; i < signal.length; i++) mean += weights[i] * signal[i];
  mean /= sum;
  const padded = new Float64Array(powerOfTwoFrom(options.samples));
  for (let i = 0; i < signal.length; i++) padded[i] = weights[i] * (signal[i] - mean);
  const size = padded.length;
  const power = powerSpectrum(padded);
  bands.forEach(({ fromHz, toHz }, b) => {
    let level = 0;
    for (let k = 0; k < size / 2; k++) {
      const hz = (1000 * k) / (size * sampleMs);
      if (hz >= toHz) break;
      // Every frequency but 0 stands for itself and its negative.
      if (hz >= fromHz) level += k === 0 ? power[k] : 2 * power[k];
    }
    target[column + b] = Math.sqrt(level / (size * squares));
  });
}
