// Decimals straight from bytes: making a string for each number of a table
// takes four to six times as long.

/** Up to here every whole number is a float64. */
const EXACT = 2 ** 53;

/** Powers of ten that are exact in float64. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const MINUS = 0x2d;
const POINT = 0x2e - 0x30;

/**
 * The number in `bytes[begin..end)`, or NaN where it is none or not plain (no exponent, up to 15
 * digits). To the bit that of `Number()`: a whole number below 2⁵³ divided by an exact power of ten
 * is rounded once (Clinger 1990, the fast path).
 */
export function plainDecimal(bytes: Uint8Array, begin: number, end: number): number {
  let at = begin;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  let digits = 0;
  let whole = 0;
  let decimals = 0;
  let point = false;
  for (; at < end; at++) {
    const digit = bytes[at] - 0x30;
    if (digit >= 0 && digit <= 9) {
      whole = whole * 10 + digit;
      digits++;
      if (point) decimals++;
    } else if (digit === POINT && !point) point = true;
    else return Number.NaN;
  }
  if (digits === 0 || whole >= EXACT || decimals >= POWERS.length) return Number.NaN;
  const value = decimals === 0 ? whole : whole / POWERS[decimals];
  return negative ? -value : value;
}
