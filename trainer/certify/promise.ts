// What a certificate promises of the exiting cascade, and how strongly counts on calibration nodes
// speak for it: exact binomial p-values of the hypothesis that a promise is broken.
import { binomialCdf, neededNodes } from './binomial.ts';

/** Each limit is a largest share, between 0 and 1. */
export interface Promises {
  /** Of all nodes, those whose class differs from the full cascade's. */
  readonly alpha: number;
  /** The same among the nodes of every single class, as the full cascade assigns them. */
  readonly worstClass?: number | undefined;
  /** Of all nodes, those that no stage up to `stages` stops: what a gateway sends to the edge. */
  readonly escalation?: { readonly stages: number; readonly limit: number } | undefined;
}

/** What happens to some nodes under some thresholds. */
export interface ExitCounts {
  readonly n: number;
  readonly disagreements: number;
  /** Per class: nodes that the full cascade gives it, and how many of them differ. */
  readonly perClass: readonly { readonly n: number; readonly disagreements: number }[];
  /** Nodes that climb beyond the gateway's stages; 0 where nothing is promised of them. */
  readonly escalations: number;
  /** Sum over the nodes. */
  readonly macs: number;
}

/**
 * P-value of "the exiting cascade differs too often": the largest over the promises, so that
 * rejecting it rejects each (intersection–union test). A class without nodes can break no promise
 * that these nodes could show, and counts as unknown: 1.
 */
export function disagreementPValue(counts: ExitCounts, promises: Promises): number {
  const { alpha, worstClass } = promises;
  const overall = binomialCdf(counts.disagreements, counts.n, alpha);
  if (worstClass === undefined) return overall;
  // Given how many nodes a class has, its disagreements are binomial again.
  const classes = counts.perClass.map(({ n, disagreements }) =>
    binomialCdf(disagreements, n, worstClass),
  );
  return Math.max(overall, ...classes);
}

/** P-value of "too many nodes are escalated"; 0 where nothing was promised. */
export function escalationPValue(counts: ExitCounts, { escalation }: Promises): number {
  if (escalation === undefined) return 0;
  return binomialCdf(counts.escalations, counts.n, escalation.limit);
}

/**
 * Fewest calibration nodes that could keep all promises at δ, given the class shares seen.
 * A class with a share of 0 cannot be promised anything: ∞.
 */
export function nodesNeeded(
  promises: Promises,
  delta: number,
  classShares: readonly number[],
): number {
  const { alpha, worstClass, escalation } = promises;
  const needs = [neededNodes(alpha, delta)];
  if (escalation !== undefined) needs.push(neededNodes(escalation.limit, delta));
  if (worstClass !== undefined) {
    const each = neededNodes(worstClass, delta);
    for (const share of classShares) needs.push(Math.ceil(each / share));
  }
  return Math.max(...needs);
}
