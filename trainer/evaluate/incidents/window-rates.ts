// Fault or no fault, window by window: the figures that anomaly benchmarks state.

/** Counts of windows whose class is known. */
export interface WindowRates {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** 2 TP / (2 TP + FP + FN), 0..1; `undefined` without a fault, told or true. */
  readonly f1: number | undefined;
  /** Share of normal windows that were told as a fault; `undefined` without any. */
  readonly falseAlarmRate: number | undefined;
  /** Share of windows of a fault that were told as normal; `undefined` without any. */
  readonly missedAlarmRate: number | undefined;
}

const share = (part: number, all: number) => (all === 0 ? undefined : part / all);

/**
 * Any fault told for any fault counts as right.
 *
 * @param truth class per window, −1 where unknown; such windows are not counted.
 * @param normal class in which nothing is wrong.
 */
export function windowRates(
  truth: ArrayLike<number>,
  answers: ArrayLike<number>,
  normal: number,
): WindowRates {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] < 0) continue;
    counts[2 * Number(truth[i] !== normal) + Number(answers[i] !== normal)]++;
  }
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = counts;
  return {
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
    f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    falseAlarmRate: share(falsePositives, falsePositives + trueNegatives),
    missedAlarmRate: share(falseNegatives, falseNegatives + truePositives),
  };
}
