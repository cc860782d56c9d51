// The evaluations of a search by trial and number of students, so that each is made once.
import type { Evaluation } from './evaluation.ts';

export interface EvaluationStore {
  add(evaluation: Evaluation): void;
  get(trial: number, stages: number): Evaluation | undefined;
}

/** @param known later ones of the same trial and stages replace earlier ones. */
export function createEvaluationStore(known: readonly Evaluation[]): EvaluationStore {
  const byName = new Map<string, Evaluation>();
  const nameOf = (trial: number, stages: number) => `${trial}/${stages}`;
  const add = (evaluation: Evaluation) => {
    byName.set(nameOf(evaluation.trial, evaluation.stages), evaluation);
  };
  known.forEach(add);
  return { add, get: (trial, stages) => byName.get(nameOf(trial, stages)) };
}
