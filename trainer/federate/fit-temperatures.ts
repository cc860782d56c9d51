// Temperatures of all stages from the sums of many sites.
import { boundedTemperature, LOG_TEMPERATURES, TEMPERATURE_STEP } from './grids.ts';

/** Vertex of the parabola through the lowest sum and its neighbours; the grid's end as it is. */
function lowest(sums: readonly number[]): number {
  const at = sums.indexOf(Math.min(...sums));
  const [before, here, after] = [sums[at - 1], sums[at], sums[at + 1]];
  if (before === undefined || after === undefined) return LOG_TEMPERATURES[at];
  const curvature = before - 2 * here + after;
  const shift = curvature === 0 ? 0 : (before - after) / (2 * curvature);
  return LOG_TEMPERATURES[at] + shift * TEMPERATURE_STEP;
}

/**
 * T of each stage at the lowest of the summed likelihoods, within a step of the grid of what one fit
 * on all rows gives.
 *
 * @param nll [stages][grid].
 */
export const fitTemperatures = (nll: readonly (readonly number[])[]): number[] =>
  nll.map((sums) => boundedTemperature(Math.exp(lowest(sums))));
