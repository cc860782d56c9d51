// How well each class is found, from the counts of a confusion matrix.

/** Counts [true class][answer]. */
export type Confusion = readonly (readonly number[])[];

export interface ClassFigures {
  /** Nodes of the class. */
  readonly support: number;
  /** Nodes that were given the class. */
  readonly told: number;
  readonly right: number;
  /** right / told, 0..1; `undefined` where the class was never told. */
  readonly precision: number | undefined;
  /** right / support, 0..1; `undefined` where no node is of the class. */
  readonly recall: number | undefined;
  /** 2 right / (support + told), 0..1; `undefined` where the class is in neither. */
  readonly f1: number | undefined;
}

export function confusionOf(
  truth: ArrayLike<number>,
  answers: ArrayLike<number>,
  classes: number,
): Confusion {
  const counts = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]][answers[i]]++;
  return counts;
}

const share = (part: number, all: number) => (all === 0 ? undefined : part / all);

export function classFigures(counts: Confusion): ClassFigures[] {
  return counts.map((row, c) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    const told = counts.reduce((sum, other) => sum + other[c], 0);
    const right = row[c];
    return {
      support,
      told,
      right,
      precision: share(right, told),
      recall: share(right, support),
      f1: share(2 * right, support + told),
    };
  });
}

/** Mean of what is defined; 0 of nothing. */
function meanOf(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  return known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
}

/** Mean F1 of the classes that are among the nodes or the answers: every class counts the same. */
export const macroF1 = (figures: readonly ClassFigures[]): number =>
  meanOf(figures.map(({ f1 }) => f1));

/** Mean recall of the classes that have nodes. */
export const balancedAccuracy = (figures: readonly ClassFigures[]): number =>
  meanOf(figures.map(({ recall }) => recall));

export interface Mistake {
  readonly truth: number;
  readonly answer: number;
  readonly count: number;
}

/** Pairs of classes that were taken for each other, the most frequent first. */
export function mistakesOf(counts: Confusion): Mistake[] {
  return counts
    .flatMap((row, truth) => row.map((count, answer) => ({ truth, answer, count })))
    .filter(({ truth, answer, count }) => truth !== answer && count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.answer - b.answer);
}
