// Durations counted by size: a few integers, whatever the number of observations.
import type { HistogramSeries } from './family.ts';

/** From a row answered here in under a millisecond to an edge that took its whole timeout. */
export const LATENCY_SECONDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

export interface Histogram {
  observe(value: number): void;
  snapshot(): HistogramSeries;
}

/** @param bounds ascending upper bounds; a value that equals one belongs to it. */
export function createHistogram(bounds: readonly number[] = LATENCY_SECONDS): Histogram {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let sum = 0;
  return {
    observe(value) {
      // A clock that was set back gives a negative duration, which would take away from the sum.
      if (!(value >= 0)) return;
      let at = 0;
      while (at < bounds.length && value > bounds[at]) at++;
      counts[at]++;
      sum += value;
    },
    snapshot: () => ({ bounds, counts: [...counts], sum }),
  };
}
