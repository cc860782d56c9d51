// Whether one of two classifiers is better on the same nodes: the exact test of McNemar (1947), and a
// bound on what could be lost.
import { binomialCdf } from '../certify/binomial.ts';

/** Nodes of which exactly one of the two is right. */
export interface Discordant {
  readonly onlyChampion: number;
  readonly onlyChallenger: number;
}

/** P-values of three tests; nodes must be drawn independently for them to mean what they say. */
export interface McNemar {
  /** Of "the challenger is not better". */
  readonly better: number;
  /** Of "the challenger is not worse". */
  readonly worse: number;
  /** Of "both are right equally often". */
  readonly different: number;
}

/** Given how many nodes decide, each side is binomial with ½ where both are equally good. */
export function mcNemar({ onlyChampion, onlyChallenger }: Discordant): McNemar {
  const deciding = onlyChampion + onlyChallenger;
  if (deciding === 0) return { better: 1, worse: 1, different: 1 };
  const better = binomialCdf(onlyChampion, deciding, 0.5);
  const worse = binomialCdf(onlyChallenger, deciding, 0.5);
  return { better, worse, different: Math.min(1, 2 * Math.min(better, worse)) };
}

/** Bisections: 2⁻⁴⁰ is finer than any figure shown. */
const STEPS = 40;

/** Largest p with P(Bin(n, p) ≤ s) ≥ level (Clopper & Pearson 1934). */
function upperLimit(s: number, n: number, level: number): number {
  if (s >= n) return 1;
  let [low, high] = [s / n, 1];
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2;
    if (binomialCdf(s, n, middle) >= level) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Share of accuracy that the challenger loses at most, with probability 1 − level: the largest rate of
 * its losses less the smallest of its gains, each at half the level.
 *
 * @param n all nodes, deciding or not.
 */
export function largestLoss(
  { onlyChampion, onlyChallenger }: Discordant,
  n: number,
  level: number,
): number {
  if (n === 0) return 1;
  const losses = upperLimit(onlyChampion, n, level / 2);
  const gains = 1 - upperLimit(n - onlyChallenger, n, level / 2);
  return losses - gains;
}
