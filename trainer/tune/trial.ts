// A trial: one point of the space, and the training runs that judge it.
import type { TrainOptions } from '../run/train-options.ts';
import type { Parameters } from './space.ts';
import { teacherName } from './trial-checkpoint.ts';
import type { Job } from './worker-messages.ts';

/** The run without tuning, compared with the winner at the end. */
export const DEFAULT_TRIAL = 0;

export interface Trial {
  /** From 0. */
  readonly number: number;
  readonly parameters: Parameters;
  /** One run per seed, alike but for it. */
  readonly runs: readonly TrainOptions[];
}

/** One job for each teacher that the trials have in common. */
export async function teacherJobs(trials: readonly Trial[]): Promise<Job[]> {
  const byName = new Map<string, TrainOptions>();
  for (const options of trials.flatMap(({ runs }) => runs)) {
    byName.set(await teacherName(options), options);
  }
  return [...byName.values()].map((options) => ({ trial: undefined, stages: 0, runs: [options] }));
}
