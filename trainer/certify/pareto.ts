// A threshold for every stage by Pareto Testing (arXiv 2210.07913): one half of the calibration
// nodes finds thresholds worth testing and their order, the other half tests them in that order.
import type { CascadeTrace } from '@dandan/shared/cascade';
import type { Random } from '@dandan/shared/random';
import { countExits, type Thresholds, traceAt } from './count-exits.ts';
import type { WalkOptions } from './fixed-sequence.ts';
import { disagreementPValue, type ExitCounts, escalationPValue, type Promises } from './promise.ts';

/** Threshold vectors looked at: 12 levels each of 3 early stages, a tenth of a second at 1,500 nodes. */
const MAX_VECTORS = 2000;

/** Fewer levels than this per stage would hide the trade between stages. */
const MIN_LEVELS = 3;

export interface ParetoOptions extends WalkOptions {
  readonly random: Random;
  /** What an escalated node costs beside its MACs, in MACs; bytes and waiting at the hop. */
  readonly escalationMacs: number;
}

export interface ParetoResult {
  readonly thresholds: Thresholds;
  /** On the half that tested. */
  readonly counts: ExitCounts;
}

/** Levels of one stage: quantiles of its confidences, and never. */
function levelsOf(confidence: Float32Array, count: number): (number | null)[] {
  const sorted = Float32Array.from(confidence).sort();
  const quantiles = Array.from({ length: count - 1 }, (_, i) => {
    const at = Math.floor(((i + 0.5) / (count - 1)) * sorted.length);
    return sorted[Math.min(sorted.length - 1, at)];
  });
  return [...new Set(quantiles), null];
}

function* vectors(levels: readonly (number | null)[][]): Generator<(number | null)[]> {
  const [first, ...rest] = levels;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const level of first) for (const tail of vectors(rest)) yield [level, ...tail];
}

interface Candidate {
  readonly thresholds: Thresholds;
  readonly pValue: number;
  readonly cost: number;
}

const pValueOf = (counts: ExitCounts, promises: Promises) =>
  Math.max(disagreementPValue(counts, promises), escalationPValue(counts, promises));

/** Those that no other one beats in both p-value and cost, safest first. */
function front(candidates: readonly Candidate[]): Candidate[] {
  const sorted = candidates.toSorted((a, b) => a.pValue - b.pValue || a.cost - b.cost);
  const kept: Candidate[] = [];
  for (const candidate of sorted) {
    const cheapest = kept[kept.length - 1]?.cost ?? Number.POSITIVE_INFINITY;
    if (candidate.cost < cheapest) kept.push(candidate);
  }
  return kept;
}

function halves(trace: CascadeTrace, random: Random): [CascadeTrace, CascadeTrace] {
  const order = random.shuffle(Int32Array.from(trace.classes[0].keys()));
  const middle = order.length >> 1;
  return [traceAt(trace, order.subarray(0, middle)), traceAt(trace, order.subarray(middle))];
}

/**
 * The cheapest certified thresholds, or `undefined`. The order of the tests comes from nodes that
 * the tests do not see, so that one error level δ serves them all.
 */
export function paretoTesting(options: ParetoOptions): ParetoResult | undefined {
  const { trace, classes, promises, delta, random, escalationMacs } = options;
  const gateway = promises.escalation?.stages;
  const [search, proof] = halves(trace, random);
  const early = trace.classes.length - 1;
  const count = Math.max(MIN_LEVELS, Math.floor(MAX_VECTORS ** (1 / Math.max(1, early))));
  const levels = search.confidence
    .slice(0, early)
    .map((confidence) => levelsOf(confidence, Math.min(count, search.classes[0].length)));
  const candidates: Candidate[] = [];
  for (const thresholds of vectors(levels)) {
    const counts = countExits(search, thresholds, classes, gateway);
    const pValue = pValueOf(counts, promises);
    // What already fails by a wide margin where it was chosen will not pass elsewhere.
    if (pValue > 0.5) continue;
    candidates.push({
      thresholds,
      pValue,
      cost: counts.macs + escalationMacs * counts.escalations,
    });
  }
  let cheapest: ParetoResult | undefined;
  for (const { thresholds } of front(candidates)) {
    const counts = countExits(proof, thresholds, classes, gateway);
    if (pValueOf(counts, promises) > delta) break;
    // Along the front every next one is cheaper.
    cheapest = { thresholds, counts };
  }
  return cheapest;
}
