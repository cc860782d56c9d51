// One rung of the ladder: evaluates what is not known yet of the trials on it.
import { InputError } from '@dandan/shared/error';
import type { Evaluation } from './evaluation.ts';
import type { EvaluationStore } from './evaluation-store.ts';
import type { Journal } from './journal.ts';
import type { SearchProgress, SearchState } from './progress.ts';
import { type Rung, rankScores } from './successive-halving.ts';
import type { TimeLeft } from './time-left.ts';
import { DEFAULT_TRIAL, type Trial, teacherJobs } from './trial.ts';
import { forgetTrial } from './trial-checkpoint.ts';
import type { JobResult } from './worker-messages.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface RungContext {
  readonly trials: readonly Trial[];
  readonly pool: WorkerPool;
  readonly journal: Journal;
  readonly folder: string;
  readonly progress: SearchProgress;
  readonly store: EvaluationStore;
  readonly time: TimeLeft;
  /** The last evaluation of every trial, by number. */
  readonly last: Evaluation[];
  /** Rungs of the search. */
  readonly total: number;
  /** Students of a trial at the end of a rung; 0 before the first. */
  stagesAt(trial: number, rung: number): number;
}

function evaluationOf(trial: number, stages: number, result: JobResult): Evaluation {
  const { seconds } = result;
  if (result.kind === 'scored') return { state: 'scored', trial, stages, ...result.score, seconds };
  const { code, message } = result;
  return { state: 'failed', trial, stages, code, message, seconds };
}

/** @throws {InputError} `output-unwritable`: a full disk says nothing about a trial. */
function refuseFullDisk(result: JobResult): void {
  if (result.kind === 'scored' || result.code !== 'output-unwritable') return;
  throw new InputError('output-unwritable', result.message, {
    allowed: 'room for the checkpoints of the trials that may go on',
  });
}

/** @returns the evaluations of all of `entering`, in that order. */
export async function runRung(
  context: RungContext,
  { number: rung, keep }: Rung,
  entering: readonly number[],
): Promise<Evaluation[]> {
  const { trials, pool, journal, folder, progress, store, time, last } = context;
  const before = (trial: number) => context.stagesAt(trial, rung - 1);
  const after = (trial: number) => context.stagesAt(trial, rung);
  const known = (trial: number) => store.get(trial, after(trial));
  const results = () => entering.flatMap((trial) => known(trial) ?? []);
  const unknown = () => entering.filter((trial) => !known(trial));
  let running = 0;

  function note(evaluation: Evaluation): void {
    const { trial, stages, seconds } = evaluation;
    last[trial] = evaluation;
    // A rung may ask for no more students of a trial that has few.
    if (evaluation.state === 'scored' && stages > before(trial)) {
      time.measured(stages - before(trial), seconds);
    }
  }

  function state(): SearchState {
    const students = unknown().map((trial) => after(trial) - before(trial));
    const failed = last.filter((evaluation) => evaluation?.state === 'failed');
    const gone = last.filter(({ state, trial }) => state === 'scored' && !entering.includes(trial));
    return {
      trials: trials.length,
      done: results().filter((evaluation) => evaluation.state === 'scored').length,
      running,
      pruned: gone.length,
      failed: failed.length,
      best: rankScores(entering.flatMap((trial) => last[trial] ?? []))[0],
      secondsLeft: time.estimate(
        rung,
        students.reduce((sum, count) => sum + count, 0),
      ),
    };
  }

  results().forEach(note);
  const waiting = unknown();
  if (rung === 0 && waiting.length > 0) {
    const teachers = await teacherJobs(waiting.map((trial) => trials[trial]));
    progress.teachers(teachers.length);
    // A teacher that fails here fails again in its trials, which say so.
    await pool.run(teachers, { onResult: async () => {} });
  }
  progress.rung({ number: rung + 1, total: context.total, trials: entering.length }, state());
  const jobs = waiting.map((trial) => ({ trial, stages: after(trial), runs: trials[trial].runs }));
  await pool.run(jobs, {
    onStart() {
      running++;
      progress.changed(state());
    },
    async onResult({ trial = DEFAULT_TRIAL, stages }, result) {
      running--;
      refuseFullDisk(result);
      const evaluation = evaluationOf(trial, stages, result);
      await journal.append(evaluation);
      store.add(evaluation);
      note(evaluation);
      // Results to come can only push these further down: their space is free now.
      for (const { trial: out } of rankScores(results()).slice(keep)) {
        if (out !== DEFAULT_TRIAL) await forgetTrial(folder, out);
      }
      progress.evaluated(evaluation, state());
    },
  });
  return results();
}
