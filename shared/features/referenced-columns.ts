// The columns of a channel in units of its own beginning: as if every reading v had been (v − m) / s.
import { writeBandLevels } from './band-levels.ts';
import type { Statistic } from './channel-spec.ts';
import type { ChannelScale } from './reference.ts';
import type { ChannelLayout } from './row-layout.ts';
import { writeStatistics } from './statistics.ts';
import type { ChannelWindow, SampleRange } from './window.ts';

/**
 * Of the readings as referenced, not `rms / s`: that would be mostly the mean over the deviation, for
 * a pressure of 10⁵ with a deviation of 1, and would drift with it.
 */
function referencedRms({ values, begin, end }: SampleRange, scale: ChannelScale): number {
  let squares = 0;
  for (let i = begin; i < end; i++) {
    const share = (values[i] - scale.mean) / scale.deviation;
    squares += share * share;
  }
  return Math.sqrt(squares / (end - begin));
}

/** `statistic` is undefined for the level of a band. */
function referenced(
  statistic: Statistic | undefined,
  value: number,
  window: ChannelWindow,
  scale: ChannelScale,
): number {
  switch (statistic) {
    case 'last':
    case 'mean':
    case 'minimum':
    case 'maximum':
      return (value - scale.mean) / scale.deviation;
    case undefined:
    case 'deviation':
    case 'slope':
      return value / scale.deviation;
    case 'rms':
      return referencedRms(window, scale);
    // Numbers without the channel's unit.
    case 'kurtosis':
    case 'crest':
    case 'sinceChange':
      return value;
  }
}

/**
 * Writes statistics and bands of a window, worked out in float64 from the readings as they are and
 * rounded once.
 */
export function writeReferenced(
  { statistics, column, bands }: ChannelLayout,
  window: ChannelWindow,
  scale: ChannelScale,
  target: Float32Array,
): void {
  const own = new Float64Array(statistics.length + (bands?.bands.length ?? 0));
  writeStatistics(statistics, window, own, 0);
  if (bands !== undefined) writeBandLevels(bands, window, own, statistics.length);
  for (let i = 0; i < own.length; i++) {
    target[column + i] = referenced(statistics[i], own[i], window, scale);
  }
}
