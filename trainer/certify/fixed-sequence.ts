// Thresholds with a promise by fixed-sequence testing (Learn-then-Test,
// arXiv 2110.01052): walk from the safest threshold down while the test passes.
import { type CascadeTrace, exitStages } from '@dandan/shared/cascade';
import { binomialCdf, neededNodes } from './binomial.ts';

export interface CertifyOptions {
  /** The quantised cascade on calibration nodes: neither labelled nor tuned on. */
  readonly trace: CascadeTrace;
  /** Largest share of nodes that may differ from the full cascade. */
  readonly alpha: number;
  /** Probability that the promise fails, over the calibration draw. */
  readonly delta: number;
}

export interface Certification {
  readonly certified: boolean;
  readonly alpha: number;
  readonly delta: number;
  readonly n: number;
  /** Fewest calibration nodes that could certify this α and δ. */
  readonly needed: number;
  readonly method: 'fixed-sequence';
  /** λ shared by all stages; `null` when not certified: every node then runs to stage K. */
  readonly threshold: number | null;
  /** Disagreements on the calibration nodes at that threshold. */
  readonly disagreements: number;
}

/** 0.5 % steps: finer ones change a share of stopped nodes by less than calibration can see. */
const GRID_STEP = 0.005;

/** Nodes whose class at the first stage with confidence ≥ λ differs from stage K's. */
export function countDisagreements(trace: CascadeTrace, threshold: number): number {
  const { classes } = trace;
  const last = classes.length - 1;
  const stages = exitStages(trace, Array<number>(last).fill(threshold));
  return stages.reduce((sum, k, i) => sum + Number(classes[k][i] !== classes[last][i]), 0);
}

/**
 * The smallest certified shared threshold: with probability ≥ 1 − δ over the
 * calibration draw, the exiting cascade differs from the full one on at most a
 * fraction α of nodes like the calibration nodes. Returns the last threshold that
 * passed, never the first that failed.
 */
export function certifyThreshold({ trace, alpha, delta }: CertifyOptions): Certification {
  const n = trace.classes[0].length;
  let threshold: number | null = null;
  let disagreements = 0;
  for (let step = 1; step * GRID_STEP <= 1; step++) {
    const candidate = 1 - step * GRID_STEP;
    const count = countDisagreements(trace, candidate);
    if (n === 0 || binomialCdf(count, n, alpha) > delta) break;
    threshold = candidate;
    disagreements = count;
  }
  return {
    certified: threshold !== null,
    alpha,
    delta,
    n,
    needed: neededNodes(alpha, delta),
    method: 'fixed-sequence',
    threshold,
    disagreements,
  };
}
