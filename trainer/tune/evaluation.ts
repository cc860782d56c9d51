// What is known of a trial after so many of its students are trained.

export interface Scored {
  readonly state: 'scored';
  /** Number of the trial, from 0. */
  readonly trial: number;
  /** Students trained so far. */
  readonly stages: number;
  /** Of the running output on the validation nodes, 0..1; mean over the seeds. */
  readonly accuracy: number;
  /** Mean −log likelihood of the same: decides between equal accuracies. */
  readonly loss: number;
  /** Time of the training it took since the evaluation before. */
  readonly seconds: number;
}

export interface Failed {
  readonly state: 'failed';
  readonly trial: number;
  readonly stages: number;
  /** Stable code of the error, `internal` or `worker-crashed`. */
  readonly code: string;
  readonly message: string;
  readonly seconds: number;
}

export type Evaluation = Scored | Failed;

/** Failures of the machine or of this program, not of the trial: tried again when a search goes on. */
const ACCIDENTS: readonly string[] = ['internal', 'worker-crashed'];

export const isAccident = (evaluation: Evaluation): boolean =>
  evaluation.state === 'failed' && ACCIDENTS.includes(evaluation.code);
