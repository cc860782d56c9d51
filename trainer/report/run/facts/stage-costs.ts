// What each stage costs and who stops there.
import type { RunFacts } from './run-facts.ts';

export interface StageCost {
  readonly stage: number;
  /** Up to and including the stage, mean of a test node. */
  readonly macs: number;
  /** Two for each multiply-accumulate. */
  readonly flops: number;
  /** Of the weights up to and including the stage. */
  readonly bytes: number;
  /** Microseconds a node, up to and including the stage. */
  readonly microseconds: number | undefined;
  /** Of the running answer after the stage on all test nodes, 0..1. */
  readonly accuracy: number;
  /** Share of test nodes that have the full cascade's class by then, 0..1. */
  readonly agreement: number;
  /** Share of test nodes that stop here by day and by night, 0..1. */
  readonly day: number;
  readonly night: number;
}

export const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / Math.max(1, values.length);
};

/** Share of positions where two lists hold the same, 0..1. */
export const sameShare = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let same = 0;
  for (let i = 0; i < a.length; i++) same += Number(a[i] === b[i]);
  return same / Math.max(1, a.length);
};

export function stageCosts({ manifest, trace, truth, day, night, times }: RunFacts): StageCost[] {
  const full = trace.classes[trace.classes.length - 1];
  return manifest.stages.map(({ endByte }, k): StageCost => {
    const macs = meanOf(trace.macs[k]);
    const stops = (stages: Uint8Array) => meanOf(stages.map((stage) => Number(stage === k + 1)));
    return {
      stage: k + 1,
      macs,
      flops: 2 * macs,
      bytes: endByte,
      microseconds: times?.stages[k],
      accuracy: sameShare(trace.classes[k], truth),
      agreement: sameShare(trace.classes[k], full),
      day: stops(day.stage),
      night: stops(night.stage),
    };
  });
}

/** Computation that a policy spends, as a share of all stages on every node, 0..1. */
export function spentShare({ trace }: RunFacts, macs: Float64Array): number {
  const all = meanOf(trace.macs[trace.macs.length - 1]);
  return all === 0 ? 1 : meanOf(macs) / all;
}
