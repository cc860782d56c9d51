// Have features moved? The population stability index of bins against a reference, and whether it is
// more than the chance of so few rows.
import type { FeatureReference } from './reference.ts';

/** Added to every count, so that an empty bin has no infinite share (Jeffreys' prior). */
const SMOOTHING = 0.5;

/** The usual reading: below 0.1 no shift, up to 0.25 a moderate one, above a large one. */
export const MODERATE_SHIFT = 0.1;

/**
 * Standard deviations by which a feature must exceed what chance brings: 512 features at 4 raise a
 * false alarm on one day in 60.
 */
export const CHANCE_LIMIT = 4;

export interface FeatureShift {
  readonly column: number;
  /** Σ (p − q) ln (p / q), 0 where the shares are equal. */
  readonly psi: number;
  /** What it is on average without any shift: (bins − 1) (1 / n + 1 / m). */
  readonly expected: number;
  /** How far it is beyond chance, in standard deviations. */
  readonly score: number;
  /** Beyond chance, and by enough to matter. */
  readonly drifted: boolean;
}

const sumOf = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, n) => sum + n, 0);

/** Σ (p − q) ln (p / q) of the shares of two lists of counts over the same bins; never below 0. */
export function populationStability(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [n, m] = [sumOf(a), sumOf(b)].map((sum) => sum + SMOOTHING * a.length);
  let psi = 0;
  for (let i = 0; i < a.length; i++) {
    const p = (a[i] + SMOOTHING) / n;
    const q = (b[i] + SMOOTHING) / m;
    psi += (p - q) * Math.log(p / q);
  }
  return psi;
}

/**
 * Without a shift PSI / (1 / n + 1 / m) is about χ² of bins − 1 degrees of freedom (both are the
 * symmetrised second-order term); its cube root is about normal (Wilson and Hilferty 1931).
 */
function chanceScore(psi: number, degrees: number, n: number, m: number): number {
  const chiSquare = psi / (1 / n + 1 / m);
  const variance = 2 / (9 * degrees);
  return (Math.cbrt(chiSquare / degrees) - (1 - variance)) / Math.sqrt(variance);
}

/**
 * Shifts of all features of a reference, largest beyond its expectation first.
 *
 * @param counts of `rows` rows, as `countRow` counts them.
 */
export function featureShifts(
  reference: FeatureReference,
  counts: ArrayLike<number>,
  rows: number,
): FeatureShift[] {
  if (rows === 0) return [];
  const own = Array.from(counts);
  let base = 0;
  const shifts = reference.features.map(({ column, counts: trained }) => {
    const psi = populationStability(own.slice(base, base + trained.length), trained);
    base += trained.length;
    const degrees = trained.length - 1;
    const expected = degrees * (1 / rows + 1 / reference.rows);
    const score = chanceScore(psi, degrees, rows, reference.rows);
    const drifted = score > CHANCE_LIMIT && psi - expected >= MODERATE_SHIFT;
    return { column, psi, expected, score, drifted };
  });
  return shifts.sort((a, b) => b.psi - b.expected - (a.psi - a.expected) || a.column - b.column);
}
