// The points of the robustness table: every disturbance and level, over the seeds of a cell.
import type { CellResult, DisturbedAccuracy } from './cell.ts';
import type { Disturbance } from './measure/disturb-rows.ts';
import { type PairedDifference, pairedDifference, type Summary, summarise } from './statistics.ts';

/** Results by seed. */
export type SeedResults = ReadonlyMap<number, CellResult>;

export interface RobustnessPoint extends Disturbance {
  /** Percent; of the running answer after stages 1..K. */
  readonly stages: readonly Summary[];
  /** Percent; with the proved thresholds. */
  readonly exit: Summary;
  /** Percent of the nodes. */
  readonly gatewayShare: Summary;
  /** Points that the last stage gains on another variant, seed by seed. */
  readonly gain?: PairedDifference | undefined;
}

/** The disturbances that the results have, in their order; undisturbed rows first. */
export function disturbancesOf(results: SeedResults): Disturbance[] {
  const [first] = results.values();
  return (first?.disturbed ?? []).map(({ kind, level }) => ({ kind, level }));
}

const pointOf = ({ disturbed }: CellResult, { kind, level }: Disturbance) =>
  disturbed?.find((point) => point.kind === kind && point.level === level);

function valuesOf(
  results: SeedResults,
  disturbance: Disturbance,
  pick: (point: DisturbedAccuracy) => number | undefined,
): Map<number, number> {
  const values = new Map<number, number>();
  for (const [seed, result] of results) {
    const point = pointOf(result, disturbance);
    const value = point && pick(point);
    if (value !== undefined) values.set(seed, value);
  }
  return values;
}

/** @param base what gains are counted against. @default {none are counted} */
export function robustnessPoints(results: SeedResults, base?: SeedResults): RobustnessPoint[] {
  const stages = Math.max(0, ...[...results.values()].map((result) => result.stages.length));
  return disturbancesOf(results).flatMap((disturbance): RobustnessPoint[] => {
    const over = (pick: (point: DisturbedAccuracy) => number | undefined) =>
      summarise([...valuesOf(results, disturbance, pick).values()]);
    const exit = over((point) => point.exit);
    const gatewayShare = over((point) => point.gatewayShare);
    if (!exit || !gatewayShare) return [];
    const last = (point: DisturbedAccuracy) => point.stages.at(-1);
    return [
      {
        ...disturbance,
        stages: Array.from({ length: stages }, (_, k) => over((point) => point.stages[k])).filter(
          (summary) => summary !== undefined,
        ),
        exit,
        gatewayShare,
        gain:
          base &&
          pairedDifference(valuesOf(results, disturbance, last), valuesOf(base, disturbance, last)),
      },
    ];
  });
}
