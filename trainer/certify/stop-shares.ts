import { type CascadeTrace, exitStages } from '@dandan/shared/cascade';
import type { Thresholds } from './count-exits.ts';

/** Share of traced nodes that stop at each stage, 0..1. */
export function stopShares(trace: CascadeTrace, thresholds: Thresholds): number[] {
  const stops = exitStages(trace, thresholds);
  const counts = Array<number>(trace.classes.length).fill(0);
  for (const stage of stops) counts[stage]++;
  return counts.map((count) => count / Math.max(1, stops.length));
}
