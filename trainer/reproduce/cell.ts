// One cell of a published table: a method on one set, split, seed and choice of
// hyper-parameters, and what is kept of its run.
import type { Method } from '../baselines/method.ts';
import type { CertifyMethod } from '../certify/certify.ts';
import type { SplitName } from '../data/load-data.ts';
import type { Figures } from '../evaluate/figures.ts';
import type { TrainOptions } from '../run/train-options.ts';
import type { Breakdown } from './measure/breakdown.ts';
import type { Disturbance } from './measure/disturb-rows.ts';

/**
 * The teacher is measured like any method. `progmlp-independent`: the students of the paper's
 * structure without PTS, i.e. trained independently of each other.
 */
export type CellMethod = 'teacher' | Method | 'progmlp-independent';

/**
 * `calibrated`: the random split with nodes kept back to prove thresholds on, so that fewer are
 * tested.
 */
export type CellSplit = SplitName | 'calibrated';

/** What a table has measured of its cells beside their accuracy. */
export type CellMeasure = 'disturbances';

/** What fixes a cell's result, besides the code. */
export interface Cell {
  /** Name of the set: its folder or file without extension. */
  readonly set: string;
  /** SHA-256 of the graph's content. */
  readonly data: string;
  readonly split: CellSplit;
  /** SHA-256 of the public split's node sets; empty for random splits, which the seed fixes. */
  readonly splitSha256: string;
  readonly method: CellMethod;
  readonly options: TrainOptions;
  readonly measure?: CellMeasure | undefined;
}

/** Accuracies in percent; MACs a node, mean over the set's sparsity. */
export interface CellStage {
  readonly accuracy: number;
  readonly validation: number;
  readonly macs: number;
  readonly cumulativeMacs: number;
  readonly epochs: number;
}

/** What early exit would do, so that any threshold can be read off later. */
export interface Exits {
  /** c_1..c_K of Eq. 9: mean over the test nodes of the largest probability. */
  readonly confidence: readonly number[];
  /** Test accuracy in percent when the whole batch stops at stage k (Eq. 10). */
  readonly batch: readonly number[];
  /** Per-node exit at one shared threshold, from the first that stops nobody early. */
  readonly node: readonly NodeExit[];
}

export interface NodeExit {
  readonly threshold: number;
  /** Percent. */
  readonly accuracy: number;
  /** Mean multiply-accumulates of a node. */
  readonly macs: number;
  /** Mean number of students that a node runs. */
  readonly students: number;
}

/** What proved thresholds do to the test nodes; in percent. */
export interface CertifiedExit {
  /** False: no threshold could be proved, and every node ran to the last stage. */
  readonly certified: boolean;
  readonly accuracy: number;
  /** Nodes that stop in the lower half of the staircase. */
  readonly gatewayShare: number;
  /** Multiply-accumulates as a share of all stages'. */
  readonly macsShare: number;
  /** Nodes whose class is not that of all stages. */
  readonly disagreement: number;
}

export interface CertifiedExits {
  /** Calibration nodes. */
  readonly n: number;
  /** What `chosen` was proved by. */
  readonly method: CertifyMethod;
  /** Test accuracy of all stages in int8, percent. */
  readonly full: number;
  readonly int8: Figures['quantised'];
  /**
   * AUROC of the confidence of stages 1..K−1 for "agrees with the last stage"; `null` where all
   * or none do.
   */
  readonly ranking: readonly (number | null)[];
  readonly ways: {
    /** As `dandan train` certifies. */
    readonly chosen: CertifiedExit;
    readonly fixedSequence: CertifiedExit;
    readonly pareto: CertifiedExit;
    /** As `chosen`, but with T_k = 1. */
    readonly untempered: CertifiedExit;
  };
}

/** Accuracies of the int8 cascade on disturbed test rows, in percent. */
export interface DisturbedAccuracy extends Disturbance {
  /** Of the running answer after stages 1..K. */
  readonly stages: readonly number[];
  /** With the thresholds that were proved on undisturbed rows. */
  readonly exit: number;
  /** Nodes that then stop in the lower half of the staircase. */
  readonly gatewayShare: number;
}

export interface CellResult {
  /** Test accuracy of the method's final answer, percent. */
  readonly accuracy: number;
  /** Validation accuracy of the same, percent. */
  readonly validation: number;
  /** Multiply-accumulates a node of the whole method; 0 for the teacher, which needs the graph. */
  readonly macs: number;
  readonly seconds: number;
  readonly stages: readonly CellStage[];
  /** Running answer after 1..K students. */
  readonly curve: readonly { readonly macs: number; readonly accuracy: number }[];
  readonly exits?: Exits | undefined;
  readonly breakdown?: Breakdown | undefined;
  /** Of a cascade on a `calibrated` split. */
  readonly certified?: CertifiedExits | undefined;
  /** Of a cell with measure `disturbances`; undisturbed rows first. */
  readonly disturbed?: readonly DisturbedAccuracy[] | undefined;
}

/** Plain JSON, as an option tree or a part of it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface CellRecord extends Omit<Cell, 'options'> {
  /** Those options that bear on the method; see `relevantOptions`. */
  readonly options: JsonObject;
  readonly result: CellResult;
  /** Version and commit of the code that computed it. */
  readonly codeVersion: string;
  /** ISO 8601 time of completion. */
  readonly finished: string;
}
