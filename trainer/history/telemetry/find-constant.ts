// Stretches in which a channel repeats one value for longer than it usually does.
import type { Series, Telemetry } from '@dandan/shared/telemetry-table';
import { stretchOf } from './find-gaps.ts';
import type { ChannelSummary, Stretch } from './summary.ts';

/** A sensor read ten times as fast as it measures repeats itself; a stuck one goes on for longer. */
const LEAST_REPEATS = 60;

/** A channel of a few states stays in each of them: what is long for it is told by its median. */
const TIMES_MEDIAN = 20;

/** Lengths of stretches of one value, told one by one. */
function eachStretch(values: Float64Array, tell: (from: number, length: number) => void): void {
  let from = 0;
  for (let at = 1; at <= values.length; at++) {
    if (at < values.length && values[at] === values[from]) continue;
    tell(from, at - from);
    from = at;
  }
}

/** Median length of the stretches of one value that a reading lies in. */
function typicalLength(series: readonly Series[]): number {
  const counts = new Map<number, number>();
  let total = 0;
  for (const { values } of series) {
    eachStretch(values, (_, length) => {
      counts.set(length, (counts.get(length) ?? 0) + 1);
      total++;
    });
  }
  let seen = 0;
  for (const [length, count] of [...counts].sort(([a], [b]) => a - b)) {
    seen += count;
    if (2 * seen >= total) return length;
  }
  return 0;
}

export function findConstant(
  telemetry: Telemetry,
  series: readonly Series[],
): ChannelSummary['constant'] {
  const least = Math.max(LEAST_REPEATS, TIMES_MEDIAN * typicalLength(series));
  let count = 0;
  let held = 0;
  let total = 0;
  let most = 0;
  let longest: Stretch | undefined;
  let moves = false;
  const first = series[0]?.values[0];
  for (const each of series) {
    const { times, values } = each;
    total += values.length;
    eachStretch(values, (from, length) => {
      if (values[from] !== first) moves = true;
      if (length < least) return;
      count++;
      held += length;
      if (length <= most) return;
      most = length;
      longest = stretchOf(telemetry, each, times[from], times[from + length - 1]);
    });
  }
  if (moves || total === 0) return { count, share: total === 0 ? 0 : held / total, longest };
  const { times } = series[0];
  longest ??= stretchOf(telemetry, series[0], times[0], times[times.length - 1]);
  return { count: Math.max(1, count), share: 1, longest };
}
