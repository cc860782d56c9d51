// How a check writes numbers, times and shares.
import { wallClock } from '@dandan/shared/policy';
import { withMinus } from '../../report/scale.ts';
import { durationText } from '../proposal/index.ts';

/** A reading with as many digits as tell it from others. */
export const valueText = (value: number): string => withMinus(String(Number(value.toPrecision(4))));

/** 0..1 as percent; what is there is never 0 %. */
export function percentText(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  return `${(100 * share).toFixed(1)} %`;
}

/** With separators of thousands. */
export const countText = (count: number): string => count.toLocaleString('en-US');

/** The wall clock of the plant, to the minute. */
export const timeText = (time: number, timeZone: string): string => wallClock(timeZone, time);

/** Long stretches to the hour. */
export const lengthText = (ms: number): string => (ms <= 0 ? '0 s' : durationText(Math.round(ms)));
