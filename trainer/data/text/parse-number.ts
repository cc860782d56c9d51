// Decimal numbers straight from bytes: a float table of 20 million values spends its
// time here, and building a string for each costs six times as much.
import { plainDecimal } from '@dandan/shared/number';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?$/;

/** A whole field as a number: NaN where it is empty or `nan`, `undefined` where it is none. */
export function parseNumberText(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.toLowerCase() === 'nan') return Number.NaN;
  return NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}

/** The number in `bytes[begin..end)`, like {@linkcode parseNumberText}; plain decimals in place. */
export function parseNumber(bytes: Buffer, begin: number, end: number): number | undefined {
  const value = plainDecimal(bytes, begin, end);
  return Number.isNaN(value) ? parseNumberText(bytes.toString('latin1', begin, end)) : value;
}
