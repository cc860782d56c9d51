// Times in which a series is silent for much longer than it usually is.
import {
  GAP_STEPS,
  type Series,
  type Telemetry,
  typicalStep,
} from '@dandan/shared/telemetry-table';
import type { ChannelSummary, Stretch } from './summary.ts';

/** Series looked at for the typical interval of a channel: ten thousand runs are alike. */
const MAX_SERIES_LOOKED_AT = 200;

/** Median time between two readings of a channel's series; `undefined` for single readings. */
export function typicalInterval(series: readonly Series[]): number | undefined {
  const stride = Math.max(1, Math.floor(series.length / MAX_SERIES_LOOKED_AT));
  const steps = series
    .filter(({ times }, at) => at % stride === 0 && times.length > 1)
    .map(({ times }) => typicalStep(times))
    .sort((a, b) => a - b);
  return steps[steps.length >> 1];
}

export function stretchOf(
  { runs, assets }: Telemetry,
  { run, asset }: Series,
  from: number,
  to: number,
): Stretch {
  return { run: runs[run].name, asset: assets[asset], from, to };
}

/** Each series by its own typical step: machines of one channel may report at different rates. */
export function findGaps(telemetry: Telemetry, series: readonly Series[]): ChannelSummary['gaps'] {
  let count = 0;
  let longest: Stretch | undefined;
  for (const each of series) {
    const { times } = each;
    const limit = GAP_STEPS * typicalStep(times);
    for (let at = 1; at < times.length; at++) {
      const gap = times[at] - times[at - 1];
      if (gap <= limit) continue;
      count++;
      if (longest !== undefined && gap <= longest.to - longest.from) continue;
      longest = stretchOf(telemetry, each, times[at - 1], times[at]);
    }
  }
  return { count, longest };
}
