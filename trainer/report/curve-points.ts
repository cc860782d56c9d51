// Accuracy against the values of one parameter, and the same in words.
import type { CellMethod } from '../reproduce/cell.ts';
import type { Variant } from '../reproduce/variants.ts';
import type { Results } from './collect.ts';
import type { LinePoint } from './line-chart.ts';

export interface Place {
  readonly teacher: string;
  readonly setting: string;
}

export const valueText = (points: readonly LinePoint[]) =>
  points.map(({ x, y }) => `${x}: ${y.toFixed(2)}`).join(', ');

/** Mean and deviation over the seeds; values without results are left out. */
export function curve(
  results: Results,
  place: Place & { set: string; method: CellMethod },
  variants: readonly Variant[],
): LinePoint[] {
  return variants.flatMap(({ name, value = 0 }) => {
    const accuracy = results.over({ ...place, variant: name }, (result) => result.accuracy);
    return accuracy ? [{ x: value, y: accuracy.mean, spread: accuracy.std }] : [];
  });
}
