// Numbers as plants write them.
import type { NumberForms } from '../mapping-rules/index.ts';

/** A decimal number; Number() alone takes '', '0x10' and 'Infinity', too. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Longer text is no reading of a sensor. */
const MAX_DECIMAL_LENGTH = 64;

/** The number that `text` says; NaN where it says none or one beyond float64. */
export function readDecimal(text: string): number {
  const plain = text.length <= MAX_DECIMAL_LENGTH ? text.trim() : '';
  const value = DECIMAL.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/** The number that a member of a JSON document says; NaN where it says none. */
export function readNumber(value: unknown, { booleans, numericStrings }: NumberForms): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value === 'boolean' && booleans) return value ? 1 : 0;
  return typeof value === 'string' && numericStrings ? readDecimal(value) : Number.NaN;
}

/** The number that a whole payload of text says; NaN where it says none. */
export function readText(text: string, { booleans }: NumberForms): number {
  const plain = text.trim();
  if (booleans && (plain === 'true' || plain === 'false')) return plain === 'true' ? 1 : 0;
  return readDecimal(text);
}

/** What `forms` take, in words. */
export function numberWords({ booleans, numericStrings }: NumberForms): string {
  const words = ['a finite number'];
  if (booleans) words.push('true or false');
  if (numericStrings) words.push('text that is a number');
  return words.join(', ');
}
