// From when to when each machine reported in each run.
import type { Telemetry } from './telemetry.ts';

export interface Span {
  readonly run: string;
  readonly asset: string;
  /** Milliseconds since the epoch, of the first and the last reading of any channel. */
  readonly from: number;
  readonly to: number;
}

/** One for every machine and run that have a reading, by run, then machine. */
export function spansOf({ assets, runs, series }: Telemetry): Span[] {
  const ends = new Map<number, { from: number; to: number }>();
  for (const { run, asset, times } of series) {
    const key = run * assets.length + asset;
    const [from, to] = [times[0], times[times.length - 1]];
    const known = ends.get(key);
    if (known === undefined) ends.set(key, { from, to });
    else {
      known.from = Math.min(known.from, from);
      known.to = Math.max(known.to, to);
    }
  }
  return [...ends]
    .sort(([a], [b]) => a - b)
    .map(([key, { from, to }]) => ({
      run: runs[Math.floor(key / assets.length)].name,
      asset: assets[key % assets.length],
      from,
      to,
    }));
}
