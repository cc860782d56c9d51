// A block of rows that climb the staircase together: what a cascade runs on, whatever the kernels.
import type { Stage } from '../../bundle/bundle.ts';
import type { Structure } from '../../bundle/manifest.ts';
import type { InputQuantisation, QuantisedRows } from '../../kernel/index.ts';

/** The part of a bundle that decides answers. */
export interface CascadeModel {
  readonly input: Pick<InputQuantisation, 'width' | 'sparse'>;
  readonly structure: Structure;
  readonly classes: number;
  readonly stages: readonly Stage[];
}

/**
 * State of up to `capacity` rows. Arrays are indexed by a row's place in the block and are
 * overwritten by the next step; nothing is allocated after creation.
 */
export interface RowBlock {
  readonly capacity: number;
  /** Bytes that it and its weights take. */
  readonly bytes: number;
  /**
   * int32 [capacity]: the places that still climb. A caller drops what has stopped by moving the
   * others forward, and steps fewer.
   */
  readonly active: Int32Array;
  /** int32: argmax q_k of the running output; the lowest index wins a tie. */
  readonly classes: Int32Array;
  /** float32: max q_k. */
  readonly confidence: Float32Array;
  /** int32: argmax of the latest stage's own P_k. */
  readonly stageClasses: Int32Array;
  /** float32 [capacity, classStride]: softmax(P_k / T_k) of the latest stage. */
  readonly probabilities: Float32Array;
  readonly classStride: number;
  /**
   * Takes rows from `begin` on, as many as fit; all become active, before stage 1.
   *
   * @returns how many it took.
   * @throws {InputError} `rows-malformed` for codes or columns out of range.
   */
  load(rows: QuantisedRows, begin: number): number;
  /** Runs stage `stage` (0-based; each follows its predecessor) over active[0..count). */
  step(stage: number, count: number): void;
}
