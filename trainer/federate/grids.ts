// The grids that all sites count on: what makes sums of different sites sums of the same thing.
import { MAX_TEMPERATURE, MIN_TEMPERATURE } from '@dandan/shared/bundle';
import { THRESHOLD_GRID } from '../certify/fixed-sequence.ts';

/** Named in every summary, and raised when a grid changes. */
export const GRID_VERSION = 1;

export const THRESHOLDS = THRESHOLD_GRID;

/** ln T from −3 to 3, the range of the central fit, in steps of a twentieth: T to within 2.5 %. */
const STEPS_PER_UNIT = 20;
const LOG_RANGE = 3;

export const TEMPERATURE_STEP = 1 / STEPS_PER_UNIT;

/** Natural logarithms of the temperatures. */
export const LOG_TEMPERATURES: readonly number[] = Array.from(
  { length: 2 * LOG_RANGE * STEPS_PER_UNIT + 1 },
  (_, i) => i / STEPS_PER_UNIT - LOG_RANGE,
);

/** A fitted temperature as a manifest may hold it. */
export const boundedTemperature = (temperature: number): number =>
  Math.min(MAX_TEMPERATURE, Math.max(MIN_TEMPERATURE, temperature));
