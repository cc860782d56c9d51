// From the true reading to what arrives: disturbance, drift, noise, lost readings
// and silent channels.
import type { Random } from '../random/index.ts';
import {
  DISTURBANCE,
  DISTURBANCE_SECONDS,
  DRIFT_PER_DAY,
  LOSS,
  NOISE,
  SAMPLE_MS,
  SILENCE_MS,
  SILENCE_SHARE,
} from './channels.ts';

const STEPS_PER_DAY = 86_400_000 / SAMPLE_MS;
const KEEP = DISTURBANCE_SECONDS / (DISTURBANCE_SECONDS + SAMPLE_MS / 1000);
/** Innovation that gives an AR(1) series of coefficient KEEP unit deviation. */
const INNOVATION = Math.sqrt(1 - KEEP * KEEP);
/** Chances per step that a silence ends, and that one begins so that the share comes out. */
const SILENCE_ENDS = SAMPLE_MS / SILENCE_MS;
const SILENCE_BEGINS = (SILENCE_ENDS * SILENCE_SHARE) / (1 - SILENCE_SHARE);

/** Measures one true value; `undefined` when the reading does not arrive. Call once per step. */
export type Sensor = (value: number) => number | undefined;

/** The sensor of one channel of one machine. `nominal` scales its errors. */
export function createSensor(options: {
  readonly random: Random;
  /** Index into CHANNELS. */
  readonly channel: number;
  readonly nominal: number;
}): Sensor {
  const { random, channel, nominal } = options;
  const driftStep = DRIFT_PER_DAY[channel] / Math.sqrt(STEPS_PER_DAY);
  let disturbance = random.normal();
  let drift = 0;
  let silent = random.next() < SILENCE_SHARE;
  return function measure(value) {
    disturbance = KEEP * disturbance + INNOVATION * random.normal();
    drift += driftStep * random.normal();
    const error = DISTURBANCE[channel] * disturbance + drift + NOISE[channel] * random.normal();
    silent = random.next() < (silent ? 1 - SILENCE_ENDS : SILENCE_BEGINS);
    const lost = random.next() < LOSS;
    return silent || lost ? undefined : value + nominal * error;
  };
}
