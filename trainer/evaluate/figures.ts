// The figures of a run, under the keys that scripts may rely on. Accuracies are in percent.
import type { ClassPrior } from '../prior/adapt-prior.ts';

export interface StageFigures {
  readonly stage: number;
  /** Test accuracy of the stage's own answer. */
  readonly accuracy: number;
  /** Validation accuracy of the same, as the bundle states it: what choices are made on. */
  readonly validation: number;
  /** Multiply-accumulates up to and including the stage, mean per test node. */
  readonly macs: number;
  /** Share of test nodes that stop here under the day policy, 0..1. */
  readonly share: number;
}

export interface Figures {
  readonly model: string;
  /** SHA-256 of the bundle. */
  readonly bundle: string;
  readonly data: string;
  readonly setting: string;
  readonly split: string;
  readonly seed: number;
  readonly seconds: number;
  readonly teacher: number;
  /** Plain MLP on the same labels, as wide as the last stage. */
  readonly mlp: number;
  /** One distilled MLP of that width. */
  readonly glnn: number;
  readonly stages: readonly StageFigures[];
  /** Running output of the full cascade. */
  readonly output: number;
  readonly exit: {
    readonly accuracy: number;
    /** MACs spent with early exit, as a share of the full cascade's. */
    readonly macsShare: number;
    /** Share of test nodes whose class differs from the full cascade's, 0..1. */
    readonly disagreement: number;
  };
  /** The paper's exit: all test nodes stop at the same stage (Eq. 9–10). */
  readonly batchExit: {
    /** τ_conf. */
    readonly threshold: number;
    readonly stage: number;
    readonly accuracy: number;
    /** MACs up to that stage, as a share of the full cascade's. */
    readonly macsShare: number;
  };
  readonly quantised: {
    /** Share of test nodes with the same class as the float32 cascade, percent. */
    readonly agreement: number;
    /** Accuracy lost to quantisation, percentage points. */
    readonly drop: number;
  };
  /** Share of each class, percent, by class name; of a training run. */
  readonly classShares?: {
    /** Which of the two the answers assume: `--class-prior`. */
    readonly assumed: ClassPrior;
    /** Among the training labels. */
    readonly labelled: Readonly<Record<string, number>>;
    /** Among all nodes that training may see, as estimated from the teacher's answers. */
    readonly estimated: Readonly<Record<string, number>>;
  };
}

/** 0..1 to percent with two decimals. */
export const percent = (share: number): number => Math.round(share * 10_000) / 100;
