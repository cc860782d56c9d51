// What a search tells whoever watches it.
import type { Evaluation, Scored } from './evaluation.ts';

/** Where a search stands: trials by what became of them; the rest waits on the current rung. */
export interface SearchState {
  readonly trials: number;
  /** Those that reached the end of the current rung. */
  readonly done: number;
  readonly running: number;
  readonly pruned: number;
  readonly failed: number;
  /** Best of those not pruned, each at its last evaluation. */
  readonly best: Scored | undefined;
  /** `undefined` before anything was measured. */
  readonly secondsLeft: number | undefined;
}

export interface SearchProgress {
  /** Some trials are known from an interrupted search. */
  resumed(evaluations: number): void;
  /** Teachers are trained ahead of the trials that share them. */
  teachers(count: number): void;
  rung(rung: { number: number; total: number; trials: number }, state: SearchState): void;
  /** Something started or ended. */
  changed(state: SearchState): void;
  evaluated(evaluation: Evaluation, state: SearchState): void;
}

export const silentSearch: SearchProgress = {
  resumed() {},
  teachers() {},
  rung() {},
  changed() {},
  evaluated() {},
};
