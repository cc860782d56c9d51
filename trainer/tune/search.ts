// The search itself: rung by rung, every result in the journal, decisions from results only.
import { type ErrorCode, InputError } from '@dandan/shared/error';
import { type Evaluation, type Failed, isAccident, type Scored } from './evaluation.ts';
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

/** @throws {InputError} with the code of the first failure, which is an error of its own where it was an accident. */
function refuseFailures(failures: readonly Failed[]): never {
  const [first] = failures;
  const message = `Every trial failed: ${first.message}`;
  if (isAccident(first)) throw new Error(message);
  // A failure that is no accident carries the code of an InputError.
  throw new InputError(first.code as ErrorCode, message, {
    field: `trial ${first.trial}`,
    allowed: 'a space with smaller learning rates, or options that train accepts',
  });
}

/**
 * Runs the search to its end. The same trials give the same ranking, whatever the number of
 * workers, their speed and the interruptions.
 *
 * @throws the pool's reason when aborted; {InputError} `output-unwritable`, and the first failure's
 * when every trial failed.
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { trials, reduction, workers, journal, folder, progress = silentSearch } = options;
  const rungs = planRungs(trials.length, reduction);
  const stages = trials.map(({ runs }) => runs[0].widths.length);
  const known = journal.evaluations.filter((evaluation) => !isAccident(evaluation));
  const last: Evaluation[] = [];
  const context = {
    ...options,
    progress,
    store: createEvaluationStore(known),
    time: createTimeLeft({ rungs, reduction, workers, stages }),
    last,
    total: rungs.length,
    stagesAt: (trial: number, rung: number) =>
      rung < 0 ? 0 : stagesAt(rungs, rung, stages[trial], reduction),
  };
  if (known.length > 0) progress.resumed(known.length);
  let entering: readonly number[] = trials.map(({ number }) => number);
  for (const rung of rungs) {
    const evaluations = await runRung(context, rung, entering);
    const promoted = promote(evaluations, rung.keep, [DEFAULT_TRIAL]);
    const out = entering.filter((trial) => !promoted.includes(trial));
    await Promise.all(out.map((trial) => forgetTrial(folder, trial)));
    entering = promoted;
  }
  const ranked = rankScores(entering.map((trial) => last[trial]));
  const failures = last.filter((evaluation) => evaluation.state === 'failed');
  if (ranked.length === 0) refuseFailures(failures);
  const failed = failures.length;
  return { ranked, last, pruned: trials.length - failed - ranked.length, failed };
}
