// The search itself: rung by rung, every result in the journal, decisions from results only.
import { InputError } from '@dandan/shared/error';
import type { Evaluation, Scored } from './evaluation.ts';
import { createEvaluationStore } from './evaluation-store.ts';
import type { Journal } from './journal.ts';
import { type SearchProgress, silentSearch } from './progress.ts';
import { runRung } from './run-rung.ts';
import { planRungs, promote, rankScores, stagesAt } from './successive-halving.ts';
import { createTimeLeft } from './time-left.ts';
import { DEFAULT_TRIAL, type Trial } from './trial.ts';
import { forgetTrial } from './trial-checkpoint.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface SearchOptions {
  /** By number; trial 0 is the run without tuning, which is never pruned. */
  readonly trials: readonly Trial[];
  /** η of successive halving; 1 prunes nothing. */
  readonly reduction: number;
  readonly workers: number;
  readonly pool: WorkerPool;
  readonly journal: Journal;
  /** Of the trials' checkpoints. */
  readonly folder: string;
  readonly progress?: SearchProgress;
}

export interface SearchResult {
  /** Trials that trained all their students, best first. */
  readonly ranked: readonly Scored[];
  /** The last evaluation of every trial, by number. */
  readonly last: readonly Evaluation[];
  readonly pruned: number;
  readonly failed: number;
}

/** @throws {InputError} `training-diverged`. */
function refuseFailure([first]: readonly Evaluation[]): never {
  const why = first.state === 'failed' ? { message: first.message, code: first.code } : undefined;
  throw new InputError('training-diverged', `Every trial failed: ${why?.message}`, {
    field: `trial ${first.trial}`,
    value: why?.code,
    allowed: 'a space with smaller learning rates, or data that train accepts',
  });
}

/**
 * Runs the search to its end. The same trials give the same ranking, whatever the number of
 * workers, their speed and the interruptions.
 *
 * @throws the pool's reason when aborted; {InputError} `training-diverged` when every trial failed.
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { trials, reduction, workers, journal, folder, progress = silentSearch } = options;
  const rungs = planRungs(trials.length, reduction);
  const stages = trials.map(({ runs }) => runs[0].widths.length);
  const last: Evaluation[] = [];
  const context = {
    ...options,
    progress,
    store: createEvaluationStore(journal.evaluations),
    time: createTimeLeft({ rungs, reduction, workers, stages }),
    last,
    total: rungs.length,
    stagesAt: (trial: number, rung: number) =>
      rung < 0 ? 0 : stagesAt(rungs, rung, stages[trial], reduction),
  };
  if (journal.evaluations.length > 0) progress.resumed(journal.evaluations.length);
  let entering: readonly number[] = trials.map(({ number }) => number);
  for (const rung of rungs) {
    const evaluations = await runRung(context, rung, entering);
    const promoted = promote(evaluations, rung.keep, [DEFAULT_TRIAL]);
    const out = entering.filter((trial) => !promoted.includes(trial));
    await Promise.all(out.map((trial) => forgetTrial(folder, trial)));
    entering = promoted;
  }
  const ranked = rankScores(entering.map((trial) => last[trial]));
  if (ranked.length === 0) refuseFailure(last);
  const failed = last.filter(({ state }) => state === 'failed').length;
  return { ranked, last, pruned: trials.length - failed - ranked.length, failed };
}
