// Exact binomial tail, the p-value of the promise.

/**
 * P(Bin(n, p) ≤ s), summed in logarithms from the exact recurrence of its terms.
 *
 * @throws {RangeError} when the arguments are no binomial.
 */
export function binomialCdf(s: number, n: number, p: number): number {
  if (!Number.isInteger(n) || n < 0 || !Number.isInteger(s) || !(p > 0 && p < 1)) {
    throw new RangeError(`Cannot sum Bin(${n}, ${p}) up to ${s}: n, s whole, 0 < p < 1`);
  }
  if (s < 0) return 0;
  if (s >= n) return 1;
  const odds = Math.log(p) - Math.log1p(-p);
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= s; i++) {
    logTerm += Math.log((n - i + 1) / i) + odds;
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** Smallest n whose best case (no disagreement) gives a p-value ≤ delta: (1 − α)ⁿ ≤ δ. */
export function neededNodes(alpha: number, delta: number): number {
  return Math.ceil(Math.log(delta) / Math.log1p(-alpha));
}
