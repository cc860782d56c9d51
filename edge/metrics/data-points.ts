// The same figures for Analytics Engine, where a deployment binds it.
import type { ModelFlush } from './flush.ts';
import { TALLY_NUMBERS } from './tally.ts';

/** Analytics Engine takes 20 doubles a point: the plain numbers and this many stages. */
export const STAGE_DOUBLES = 20 - TALLY_NUMBERS.length;

/**
 * One point per series: index the model; blobs bundle, policy, source; doubles the numbers of a
 * tally in their order, then answers by stage, the last of which holds all deeper ones.
 */
export function dataPoints({ model, series }: ModelFlush): AnalyticsEngineDataPoint[] {
  return series.map(({ bundle, policy, source, tally }) => {
    const stages = new Array<number>(STAGE_DOUBLES).fill(0);
    tally.stages.forEach((count, k) => {
      stages[Math.min(k, STAGE_DOUBLES - 1)] += count;
    });
    return {
      indexes: [model],
      blobs: [bundle, policy, source],
      doubles: [...TALLY_NUMBERS.map((name) => tally[name]), ...stages],
    };
  });
}
