// The caps of a document: steps of load with hysteresis, steps of a day's cost.
import { DEFAULT_RELEASE, type PolicyDocument } from './document-fields.ts';

export type LoadRules = NonNullable<PolicyDocument['load']>;
export type CostRules = NonNullable<PolicyDocument['cost']>;

/** Multiply-accumulates that prices speak of. */
export const TERA = 1e12;

/** The ceiling of a day in multiply-accumulates. */
export function ceilingMacs({ perDay, unit, usdPerTeraMacs = 1 }: CostRules): number {
  return unit === 'macs' ? perDay : (perDay / usdPerTeraMacs) * TERA;
}

/**
 * How many steps are in force at `load` where `step` of them were: a step is taken at `at` and left
 * below `release`.
 */
export function loadStep({ steps }: LoadRules, load: number, step: number): number {
  let taken = Math.min(step, steps.length);
  while (taken < steps.length && load >= steps[taken].at) taken++;
  while (taken > 0) {
    const { at, release = at * DEFAULT_RELEASE } = steps[taken - 1];
    if (load >= release) break;
    taken--;
  }
  return taken;
}

/** How many steps are in force once `macs` are spent; one more than there are: the ceiling is reached. */
export function costStep(cost: CostRules, macs: number): number {
  const ceiling = ceilingMacs(cost);
  if (macs >= ceiling) return cost.steps.length + 1;
  // As `nextCostStepAt` has it, to the last bit.
  const next = cost.steps.findIndex(({ at }) => macs < ceiling * at);
  return next < 0 ? cost.steps.length : next;
}

/** Multiply-accumulates at which `costStep` becomes one more than `step`; infinite at the ceiling. */
export function nextCostStepAt(cost: CostRules, step: number): number {
  if (step > cost.steps.length) return Number.POSITIVE_INFINITY;
  return ceilingMacs(cost) * (cost.steps[step]?.at ?? 1);
}
