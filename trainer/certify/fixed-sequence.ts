// One threshold for all stages by fixed-sequence testing (Learn-then-Test, arXiv 2110.01052): walk
// from the safest threshold down while the test passes.
import type { CascadeTrace } from '@dandan/shared/cascade';
import { countExits } from './count-exits.ts';
import { disagreementPValue, type ExitCounts, escalationPValue, type Promises } from './promise.ts';

/**
 * Safest first. Steps of half a percent: finer ones change a share of stopped nodes by less than
 * calibration can see; near 1, where most nodes of a certain model stop, they are finer.
 */
export const THRESHOLD_GRID: readonly number[] = [
  ...[0.9999, 0.9995, 0.999, 0.998, 0.9965],
  ...Array.from({ length: 200 }, (_, step) => (199 - step) / 200),
];

export interface WalkOptions {
  /** The quantised cascade on calibration nodes: neither labelled nor tuned on. */
  readonly trace: CascadeTrace;
  readonly classes: number;
  readonly promises: Promises;
  /** Probability that a promise fails, over the calibration draw. */
  readonly delta: number;
}

/** Where a walk ended. */
export interface Walk {
  /** Thresholds λ_1..λ_{K−1}, all equal. */
  readonly thresholds: readonly number[];
  readonly counts: ExitCounts;
}

/** What calibration nodes say of one threshold. */
export interface TestedThreshold {
  readonly counts: ExitCounts;
  /** P-value of "the exiting cascade differs too often". */
  readonly disagreement: number;
  /** P-value of "too many nodes are escalated". */
  readonly escalation: number;
}

export interface WalkGridOptions {
  /** Stages that may stop a node: K − 1. */
  readonly early: number;
  readonly delta: number;
  /** Whether escalations are promised too, which takes half of `delta`. */
  readonly escalations: boolean;
  readonly at: (threshold: number) => TestedThreshold;
}

/**
 * The smallest certified shared threshold, or `undefined`. Returns the last that passed, never the
 * first that failed.
 *
 * Disagreements only become more likely down the grid, escalations only up it. A promise about
 * escalations is therefore tested by a second walk, from the other end, each at δ / 2: every
 * threshold between the two ends keeps both promises with probability 1 − δ (union bound).
 */
export function walkGrid({ early, delta, escalations, at }: WalkGridOptions): Walk | undefined {
  const level = escalations ? delta / 2 : delta;
  let reached: Walk | undefined;
  let lowest = 0;
  for (const threshold of THRESHOLD_GRID) {
    const { counts, disagreement } = at(threshold);
    if (counts.n === 0 || disagreement > level) break;
    reached = { thresholds: Array<number>(early).fill(threshold), counts };
    lowest = threshold;
  }
  if (reached === undefined || !escalations) return reached;
  const upwards = THRESHOLD_GRID.filter((threshold) => threshold <= lowest).toReversed();
  return upwards.every((threshold) => at(threshold).escalation <= level) ? reached : undefined;
}

/** {@linkcode walkGrid} over the counts of one trace. */
export function fixedSequence({ trace, classes, promises, delta }: WalkOptions): Walk | undefined {
  const { escalation } = promises;
  const early = trace.classes.length - 1;
  return walkGrid({
    early,
    delta,
    escalations: escalation !== undefined,
    at(threshold) {
      const thresholds = Array<number>(early).fill(threshold);
      const counts = countExits(trace, thresholds, classes, escalation?.stages);
      return {
        counts,
        disagreement: disagreementPValue(counts, promises),
        escalation: escalationPValue(counts, promises),
      };
    },
  });
}
