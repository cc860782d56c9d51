// Sine and cosine of parts of a turn from additions and multiplications alone, which IEEE 754 fixes
// to the bit: the Math functions may differ between engines in the last one.

const RADIANS = 6.283185307179586;

/** Beyond x¹⁷ an eighth of a turn adds less than half the last bit. */
const LAST_POWER = 17;

/** Taylor's series of sine (from x on) or cosine (from 1 on), for up to an eighth of a turn. */
function series(x: number, first: 0 | 1): number {
  const square = x * x;
  let sum = 1;
  // From the inside, so that the smallest terms are added first.
  for (let power = LAST_POWER - 1 + first; power > first; power -= 2) {
    sum = 1 - (square / (power * (power - 1))) * sum;
  }
  return first === 1 ? x * sum : sum;
}

/** cos(2π · numerator / denominator), whole numbers with 0 ≤ numerator ≤ denominator. */
export function cosineOfTurn(numerator: number, denominator: number): number {
  // Whole numbers of eighths stay exact, and so do the symmetries.
  const half = 2 * numerator > denominator ? denominator - numerator : numerator;
  const isBehind = 4 * half > denominator;
  // Of the angle 2π · quarter / (2 · denominator), which is at most a quarter of a turn.
  const quarter = isBehind ? denominator - 2 * half : 2 * half;
  const value =
    4 * quarter <= denominator
      ? series((RADIANS * quarter) / (2 * denominator), 0)
      : series((RADIANS * (denominator - 2 * quarter)) / (4 * denominator), 1);
  return isBehind ? -value : value;
}

/** sin(2π · numerator / denominator), whole numbers with 0 ≤ numerator ≤ denominator. */
export function sineOfTurn(numerator: number, denominator: number): number {
  // A quarter of a turn back, in quarters so that the number stays whole.
  const back = 4 * numerator - denominator;
  const turns = back < 0 ? back + 4 * denominator : back;
  return cosineOfTurn(turns, 4 * denominator);
}
