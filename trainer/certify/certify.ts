// From calibration nodes to thresholds with a promise, or to the reason why there are none.
import type { CascadeTrace } from '@dandan/shared/cascade';
import { createRandom } from '@dandan/shared/random';
import { countExits, type Thresholds } from './count-exits.ts';
import { fixedSequence } from './fixed-sequence.ts';
import { paretoTesting } from './pareto.ts';
import { type ExitCounts, nodesNeeded, type Promises } from './promise.ts';

export const CERTIFY_METHODS = ['fixed-sequence', 'pareto'] as const;

export type CertifyMethod = (typeof CERTIFY_METHODS)[number];

/**
 * Pareto Testing spends half of the nodes on the search. Up to this many a single threshold
 * proved on all of them gets further (method, "Certified thresholds").
 */
const MAX_FIXED_SEQUENCE = 3000;

export interface CertifyOptions {
  /** The quantised cascade on calibration nodes: neither labelled nor tuned on. */
  readonly trace: CascadeTrace;
  /** Number of classes. */
  readonly classes: number;
  readonly promises: Promises;
  /** Probability that a promise fails, over the calibration draw. */
  readonly delta: number;
  /** `auto`: by the number of nodes alone, never by what they show. @default {'auto'} */
  readonly method?: CertifyMethod | 'auto';
  /** Divides the nodes where the method needs two halves. @default {0} */
  readonly seed?: number;
  /** What an escalated node costs beside its MACs, in MACs. @default {10 full cascades} */
  readonly escalationMacs?: number;
}

export interface Certification {
  readonly certified: boolean;
  readonly promises: Promises;
  readonly delta: number;
  /** Calibration nodes given. */
  readonly n: number;
  /** Fewest that could certify these promises, with classes as frequent as here. */
  readonly needed: number;
  readonly method: CertifyMethod;
  /** λ_1..λ_{K−1}; all `null` when not certified: every node then runs to stage K. */
  readonly thresholds: Thresholds;
  /** On the nodes that tested: all of them, or with `pareto` half; `undefined` when not certified. */
  readonly counts: ExitCounts | undefined;
}

/** A radio message costs far more energy and time than all stages together. */
const FULL_CASCADES_PER_ESCALATION = 10;

/**
 * With probability at least 1 − δ over the calibration draw, the exiting cascade keeps every promise
 * on nodes like the calibration nodes; otherwise it is not certified and stops no node early.
 */
export function certify(options: CertifyOptions): Certification {
  const { trace, classes, promises, delta, method = 'auto', seed = 0 } = options;
  const last = trace.classes.length - 1;
  const never = Array<null>(last).fill(null);
  const { n, perClass, macs } = countExits(trace, never, classes);
  const chosen = method !== 'auto' ? method : n > MAX_FIXED_SEQUENCE ? 'pareto' : 'fixed-sequence';
  const { escalationMacs = (FULL_CASCADES_PER_ESCALATION * macs) / Math.max(1, n) } = options;
  const walk = { trace, classes, promises, delta };
  const found =
    chosen === 'pareto'
      ? paretoTesting({ ...walk, random: createRandom(seed).fork('pareto'), escalationMacs })
      : fixedSequence(walk);
  // Half of the level goes to each of two walks, half of the nodes to the search.
  const level = promises.escalation && chosen === 'fixed-sequence' ? delta / 2 : delta;
  const least = nodesNeeded(
    promises,
    level,
    perClass.map((each) => each.n / Math.max(1, n)),
  );
  return {
    certified: found !== undefined,
    promises,
    delta,
    n,
    needed: chosen === 'pareto' ? 2 * least : least,
    method: chosen,
    thresholds: found?.thresholds ?? never,
    counts: found?.counts,
  };
}
