// Synchronous successive halving (Jamieson & Talwalkar 2016): all trials get little, the
// best share of them more. The resource is the number of trained students: a trial goes
// on where it stopped, so a trial that gets through is exactly the run it stands for.
import type { Evaluation, Scored } from './evaluation.ts';

/** Rungs of the ladder: 1, about a third and all of up to six students at reduction 3. */
export const RUNGS = 3;

export interface Rung {
  /** From 0. */
  readonly number: number;
  /** Trials that get onto the next rung; no limit on the last. */
  readonly keep: number;
}

/** @param reduction η: each rung keeps 1/η of its trials; 1 prunes nothing. */
export function planRungs(trials: number, reduction: number): Rung[] {
  const last = reduction === 1 ? 0 : RUNGS - 1;
  const rungs: Rung[] = [];
  let entering = trials;
  for (let number = 0; number <= last; number++) {
    entering = Math.max(1, Math.ceil(entering / reduction));
    rungs.push({ number, keep: number === last ? trials : entering });
  }
  return rungs;
}

/** Students that a trial of `stages` students has trained at the end of a rung. */
export function stagesAt(
  rungs: readonly Rung[],
  rung: number,
  stages: number,
  reduction: number,
): number {
  return Math.max(1, Math.ceil(stages / reduction ** (rungs.length - 1 - rung)));
}

/** Better first: validation accuracy, then the finer measure, then the trial drawn first. */
export function compareScores(a: Scored, b: Scored): number {
  return b.accuracy - a.accuracy || a.loss - b.loss || a.trial - b.trial;
}

export function rankScores(evaluations: readonly Evaluation[]): Scored[] {
  return evaluations.filter((evaluation) => evaluation.state === 'scored').sort(compareScores);
}

/**
 * The trials that go on. Depends on the results alone, never on the order they came in.
 *
 * @param always trials that are compared with the winner at the end and so never pruned.
 */
export function promote(
  evaluations: readonly Evaluation[],
  keep: number,
  always: readonly number[] = [],
): number[] {
  const ranked = rankScores(evaluations).map(({ trial }) => trial);
  return ranked
    .filter((trial, rank) => rank < keep || always.includes(trial))
    .sort((a, b) => a - b);
}
