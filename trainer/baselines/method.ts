// What the comparison harness measures: every method under the same split, inputs,
// teacher and costs.
import type { Random } from '@dandan/shared/random';
import type { Engine } from '../autodiff/index.ts';
import type { EpochReport } from '../fit/fit.ts';
import type { GraphData } from '../graph/graph-data.ts';
import type { PreparedData } from '../run/prepare.ts';
import type { TrainOptions } from '../run/train-options.ts';

export const METHODS = [
  'mlp',
  'glnn',
  'e-glnn',
  'adagmlp',
  'progmlp-paper',
  'progmlp-incremental',
  'progmlp-additive',
] as const;

/**
 * `mlp`: one MLP on the labels. `glnn`: one distilled MLP (Zhang et al. 2022). `e-glnn`: K
 * GLNNs from different random weights, averaged. `adagmlp`: Lu et al. 2024. `progmlp-paper`:
 * the cascade as published, taught by the teacher alone. `progmlp-incremental`, `progmlp-additive`:
 * Dandan's, with the `targets` of the options, and the latter with their `gatekeeper`.
 */
export type Method = (typeof METHODS)[number];

export interface RunMethodOptions {
  readonly method: Method;
  readonly graph: GraphData;
  /** As `prepare()` makes it; its split says which labels may be read for what. */
  readonly data: PreparedData;
  /** float32 [N, C]; not read by `mlp`. */
  readonly teacherLogits: Float32Array;
  /**
   * Hyper-parameters. K is `widths.length`; single students and the members of an ensemble
   * have the last width. `structure` is ignored: the method says it. Where the widths do not
   * fit the structure (equal ones for `progmlp-incremental`, growing ones for
   * `progmlp-paper`, any for `progmlp-additive` where `structure` is another), `defaultWidths` of the last width takes their place.
   */
  readonly options: TrainOptions;
  /** @default {createRandom(options.seed)} */
  readonly random?: Random;
  /** @param student 1-based. */
  onEpoch?(student: number, report: EpochReport): void;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options with their defaults in place. */
export type PreparedMethod = Required<Omit<RunMethodOptions, 'engine' | 'signal'>> &
  Pick<RunMethodOptions, 'engine' | 'signal'>;

/** Accuracies 0..1 on the test and validation nodes; float32 students. */
export interface MeasuredAccuracy {
  readonly accuracy: number;
  readonly validationAccuracy: number;
}

export interface MethodStage extends MeasuredAccuracy {
  /** Multiply-accumulates of this student alone for one node of average sparsity. */
  readonly macs: number;
  /** Those of all students up to and including this one. */
  readonly cumulativeMacs: number;
  readonly epochs: number;
}

export interface CurvePoint {
  /** Multiply-accumulates spent on one node. */
  readonly macs: number;
  /** Test accuracy of the running ensemble, 0..1. */
  readonly accuracy: number;
}

export interface MethodResult {
  readonly method: Method;
  /** Each student's own answer; one entry for `mlp` and `glnn`. */
  readonly stages: readonly MethodStage[];
  /** The answer of all students together. */
  readonly output: MeasuredAccuracy & { readonly macs: number };
  /** int32 [N]: class of every node by the final output, held-out nodes included. */
  readonly predictions: Int32Array;
  /** Per student float32 [N, C]: what exit rules are tried on. */
  readonly logits: readonly Float32Array[];
  /** Running ensemble after 1..K students. */
  readonly curve: readonly CurvePoint[];
  readonly seconds: number;
}
