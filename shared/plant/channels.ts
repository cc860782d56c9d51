// The five sensors every machine carries, how well they measure, and the rows
// made of them.
import type { TimeWindowSpec } from '../features/index.ts';

/** Channels in the order of every five-element array in this folder. */
export const CHANNELS = ['vibration', 'temperature', 'current', 'flow', 'pressure'] as const;

/** One value per channel, in the order of {@linkcode CHANNELS}. */
export type PerChannel = readonly [number, number, number, number, number];

export const VIBRATION = 0;
export const TEMPERATURE = 1;
export const CURRENT = 2;
export const FLOW = 3;
export const PRESSURE = 4;

/** Interval between two readings of a channel; also the step of the simulation, milliseconds. */
export const SAMPLE_MS = 30_000;

/**
 * Features of a machine: five statistics of each channel over ten readings.
 * The windows of consecutive rows do not overlap, so that their noise is independent.
 */
export const PLANT_SPEC: TimeWindowSpec = {
  kind: 'telemetry',
  channels: [
    { name: 'vibration', unit: 'mm/s' },
    { name: 'temperature', unit: '°C' },
    { name: 'current', unit: 'A' },
    { name: 'flow', unit: 'l/min' },
    { name: 'pressure', unit: 'bar' },
  ],
  statistics: ['mean', 'deviation', 'slope', 'minimum', 'maximum'],
  windowMs: 10 * SAMPLE_MS,
  strideMs: 10 * SAMPLE_MS,
};

/**
 * Unmeasured disturbance of the process itself (material, air, neighbours), as a
 * fraction of the channel's nominal value: an AR(1) series of this deviation.
 */
export const DISTURBANCE: PerChannel = [0.5, 0.2, 0.16, 0.16, 0.18];

/** Correlation time of the disturbance, seconds: about one window. */
export const DISTURBANCE_SECONDS = 120;

/** White noise of a reading, as a fraction of the channel's nominal value. */
export const NOISE: PerChannel = [0.1, 0.01, 0.03, 0.03, 0.03];

/** Bias a sensor gathers over a day, as a fraction of nominal: deviation of a slow random walk. */
export const DRIFT_PER_DAY: PerChannel = [0.05, 0.02, 0.02, 0.03, 0.03];

/** Probability that one reading is lost on its way. */
export const LOSS = 0.02;

/** Share of time a channel is silent altogether, and the mean length of a silence. */
export const SILENCE_SHARE = 0.03;
export const SILENCE_MS = 20 * 60_000;
