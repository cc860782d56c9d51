// What a channel is like, as far as its statistics depend on it.
import { unitConversion } from '@dandan/shared/features';
import type { ChannelProfile } from './channel-profile.ts';
import { durationText } from './duration.ts';

export const BEHAVIOURS = [
  'constant',
  'stepwise',
  'counter',
  'waveform',
  'restless',
  'steady',
] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];

export interface Judgement {
  readonly behaviour: Behaviour;
  /** Half a sentence: what was seen. */
  readonly seen: string;
}

/** States of a valve, a recipe or a controller. */
const MAX_STATES = 12;

/** Of readings that repeat the one before, where values are few: a coarse scale is crossed all the time. */
const KEEPS = 0.7;

/** Of readings that repeat the one before: a value that is reported although it stays. */
const STAYS = 0.9;

/** A meter that is set to 0 once a shift falls less often. */
const SELDOM = 0.001;

/** Ten readings a second and more: slower ones cannot show what a machine's parts do. */
const WAVEFORM_MS = 100;

/** Noise crosses its mean every other reading, a slow wave hardly ever. */
const RESTLESS = 0.2;

/** A waveform swings about 0, as vibration does: its mean is small beside its deviation. */
const CENTRED = 0.5;

const VIBRATION = /vib|accel|shock|noise|sound|acoustic/i;

const isUnitOfMotion = (unit: string) =>
  ['m/s2', 'm/s'].some((motion) => unitConversion(unit, motion) !== undefined);

const percent = (share: number) => `${Math.round(100 * share)} %`;

function isWaveform(profile: ChannelProfile): boolean {
  const { name, unit, everyMs, crossing, mean, deviation } = profile;
  if (!(everyMs <= WAVEFORM_MS)) return false;
  const isNamed = VIBRATION.test(name) || isUnitOfMotion(unit);
  return isNamed || (crossing >= RESTLESS / 2 && Math.abs(mean) < CENTRED * deviation);
}

/** Judges a channel by its readings, and by its name and unit only where they are fast. */
export function judgeChannel(profile: ChannelProfile): Judgement {
  const { levels, repeated, falling, crossing, everyMs, readings, mean } = profile;
  if (levels === 1) return { behaviour: 'constant', seen: `always ${Number(mean.toPrecision(6))}` };
  if (levels <= MAX_STATES && readings > 2 * levels && repeated >= KEEPS) {
    return { behaviour: 'stepwise', seen: `${levels} different values` };
  }
  if (isWaveform(profile)) {
    const seen = `a reading every ${durationText(everyMs)} that swings`;
    return { behaviour: 'waveform', seen };
  }
  if (falling <= SELDOM && levels > MAX_STATES) {
    return { behaviour: 'counter', seen: 'it only ever grows' };
  }
  if (repeated >= STAYS) {
    return {
      behaviour: 'stepwise',
      seen: `${percent(repeated)} of its readings repeat the one before`,
    };
  }
  if (crossing >= RESTLESS) {
    return { behaviour: 'restless', seen: `${percent(crossing)} of its readings cross its mean` };
  }
  return { behaviour: 'steady', seen: 'it moves slowly' };
}
