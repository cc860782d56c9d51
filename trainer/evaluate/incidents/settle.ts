// What a gateway with `outputs.prediction.settle` tells of an asset: another class only once
// enough of the last answers agree.

export interface Settle {
  /** Answers of the same class, of the last `m`. */
  readonly n: number;
  readonly m: number;
}

/** As in the example of the gateway's outputs. */
export const DEFAULT_SETTLE: Settle = { n: 2, m: 3 };

/**
 * Class told at each window. A gateway tells its very first answer at once; here nothing counts as
 * told before the first window, so that a watch does not begin with an alarm that one answer made.
 *
 * @param normal class that holds until another one has settled.
 */
export function settledClasses(
  answers: ArrayLike<number>,
  { n, m }: Settle,
  normal: number,
): Int32Array {
  let told = normal;
  return Int32Array.from(answers, (answer, window) => {
    let votes = 0;
    for (let i = Math.max(0, window - m + 1); i <= window; i++)
      votes += Number(answers[i] === answer);
    if (votes >= n) told = answer;
    return told;
  });
}
