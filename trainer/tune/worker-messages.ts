// What a search and its worker processes say to each other.
import type { Device } from '../autodiff/device/choose-engine.ts';
import type { LoadDataOptions } from '../data/load-data.ts';
import type { TrainOptions } from '../run/train-options.ts';
import type { Score } from './score-stages.ts';

/** What fixes all jobs of a worker. */
export interface WorkerSetup {
  readonly source: Omit<LoadDataOptions, 'seed' | 'signal'>;
  /** File of a teacher trained elsewhere; runs with teacher `file` read it. */
  readonly teacherLogits?: string | undefined;
  readonly device: Device;
  /** Of one worker. */
  readonly threads: number;
  /** Folder and key of the checkpoints. */
  readonly folder: string;
  readonly key: string;
}

/** Train so far, for each of the runs: one per seed. */
export interface Job {
  /** `undefined`: only the teachers. */
  readonly trial: number | undefined;
  /** Students to have trained afterwards; 0 for the teachers alone. */
  readonly stages: number;
  readonly runs: readonly TrainOptions[];
}

export type ToWorker =
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  | { readonly kind: 'job'; readonly job: Job };

export type JobResult =
  | { readonly kind: 'scored'; readonly score: Score; readonly seconds: number }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly seconds: number;
    };
