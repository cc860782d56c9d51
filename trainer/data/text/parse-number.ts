// Decimal numbers straight from bytes: a float table of 20 million values spends its
// time here, and building a string for each costs six times as much.

/** Up to here every whole number is a float64. */
const EXACT = 2 ** 53;

/** Powers of ten that are exact in float64, up to 10²². */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?$/;

/** A whole field as a number: NaN where it is empty or `nan`, `undefined` where it is none. */
export function parseNumberText(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.toLowerCase() === 'nan') return Number.NaN;
  return NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}

/**
 * The number in `bytes[begin..end)`, like {@linkcode parseNumberText}.
 *
 * Plain decimals are read in place. The result is that of `Number()` to
 * the bit: a whole number below 2⁵³ divided by an exact power of ten is rounded once
 * (Clinger, "How to read floating point numbers accurately", 1990, the fast path).
 */
export function parseNumber(bytes: Buffer, begin: number, end: number): number | undefined {
  let at = begin;
  const negative = bytes[at] === 45;
  if (negative) at++;
  let digits = 0;
  let whole = 0;
  let decimals = 0;
  let point = false;
  for (; at < end; at++) {
    const digit = bytes[at] - 48;
    if (digit >= 0 && digit <= 9) {
      whole = whole * 10 + digit;
      digits++;
      if (point) decimals++;
    } else if (digit === -2 && !point) point = true;
    else break;
  }
  if (at < end || digits === 0 || whole >= EXACT || decimals >= POWERS.length) {
    return parseNumberText(bytes.toString('latin1', begin, end));
  }
  const value = decimals === 0 ? whole : whole / POWERS[decimals];
  return negative ? -value : value;
}
