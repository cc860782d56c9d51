// What a row says of a channel, by what the channel is like.
import { type Band, MAX_BAND_SAMPLES, type Statistic } from '@dandan/shared/features';
import type { Behaviour } from './behaviour.ts';
import type { ChannelProfile } from './channel-profile.ts';
import { durationText, roundUp } from './duration.ts';

export interface ChannelChoice<Value> {
  readonly value: Value;
  /** One sentence. */
  readonly reason: string;
}

export const STATISTICS_OF: Readonly<Record<Behaviour, readonly Statistic[]>> = {
  constant: ['last'],
  steady: ['mean', 'deviation', 'slope'],
  restless: ['mean', 'deviation', 'minimum', 'maximum'],
  waveform: ['rms', 'kurtosis', 'crest'],
  stepwise: ['last', 'mean', 'sinceChange'],
  counter: ['slope'],
};

export const REASONS: Readonly<Record<Behaviour, string>> = {
  constant: 'there is nothing to say of it but its value',
  steady: 'level, spread and trend tell of it',
  restless: 'its trend within a window is chance; how far it reaches is not',
  waveform: 'its energy, and how spiky it is, tell of bearings and teeth',
  stepwise: 'its state, the share of time in it, and how long ago it changed',
  counter: 'how fast it grows; its value is only how old it is',
};

/** Twice the longest usual wait: a sensor that says nothing for longer may be dead. */
const HOLD_STEPS = 2;

/** As a feature spec allows. */
const MAX_HOLD_MS = 31 * 24 * 3_600_000;

/**
 * How long the last value holds, for channels that report less often than windows are due.
 *
 * @returns `undefined` where nearly every window has a reading of its own.
 */
export function proposeHold(
  { mostlyMs, name }: ChannelProfile,
  windowMs: number,
): ChannelChoice<number> | undefined {
  if (!(mostlyMs > windowMs)) return undefined;
  const value = Math.min(roundUp(HOLD_STEPS * mostlyMs), MAX_HOLD_MS);
  const wait = durationText(mostlyMs);
  const window = durationText(windowMs);
  return {
    value,
    reason: `${name} is silent for up to ${wait}, longer than a window of ${window}: its last value holds.`,
  };
}

/** Of the four octaves below half the sampling rate, as far as a window tells them apart. */
const OCTAVES = 4;

/** Waveforms whose times wander have no spectrum to speak of. */
const REGULAR = 0.9;

/** 100 kHz, as a feature spec allows. */
const MIN_SAMPLE_MS = 0.01;

export interface ProposedBands {
  readonly sampleMs: number;
  readonly bands: readonly Band[];
}

/** Energies of octaves for a waveform; `undefined` where windows or times do not allow them. */
export function proposeBands(
  { everyMs, regular, name }: ChannelProfile,
  windowMs: number,
): ChannelChoice<ProposedBands> | undefined {
  const samples = windowMs / everyMs;
  if (regular < REGULAR || samples > MAX_BAND_SAMPLES || everyMs < MIN_SAMPLE_MS) return undefined;
  // A hair above half the rate would be refused.
  const millihertz = Math.floor(500_000 / everyMs) / 1000;
  const half = millihertz * everyMs > 500 ? millihertz - 0.001 : millihertz;
  const bands = Array.from({ length: OCTAVES }, (_, octave) => ({
    fromHz: half / 2 ** (octave + 1),
    toHz: half / 2 ** octave,
  }))
    .filter(({ fromHz, toHz }) => (toHz - fromHz) * windowMs >= 1000)
    .reverse();
  if (bands.length === 0) return undefined;
  return {
    value: { sampleMs: everyMs, bands },
    reason: `${name} is sampled evenly every ${durationText(everyMs)}: energies of the octaves below ${Number(half.toPrecision(3))} Hz tell which part of a machine it is.`,
  };
}
