// Times as plants write them, to milliseconds since the epoch.
import type { NumberForms, TimeUnit } from '../mapping-rules/index.ts';
import { MAX_TIME_MS } from './limits.ts';
import { readNumber } from './read-number.ts';

/** Without Z or an offset a time would be this machine's, which nobody has told. */
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|([+-]\d\d):?(\d\d))$/;

function readIso(text: string): number {
  const match = text.length <= 40 ? ISO.exec(text) : null;
  if (match === null) return Number.NaN;
  const [, hours, minutes] = match;
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const clock = text
    .slice(11)
    .replace(/(?:Z|[+-]\d\d:?\d\d)$/, '')
    .replace(',', '.');
  return Date.parse(`${text.slice(0, 10)}T${clock}${zone}`);
}

/**
 * The time that `value` says, milliseconds since the epoch, parts of them kept down to the
 * microsecond; NaN where it says none.
 */
export function readTime(value: unknown, unit: TimeUnit, forms: NumberForms): number {
  if (unit === 'iso') return typeof value === 'string' ? inRange(readIso(value)) : Number.NaN;
  const number = readNumber(value, { booleans: false, numericStrings: forms.numericStrings });
  if (unit === 'ms') return inRange(number);
  // 1e6 · s is exact where s · 1000 would end in …0002.
  return inRange(Math.round(unit === 'us' ? number : number * 1e6) / 1000);
}

const inRange = (time: number) => (time >= 0 && time <= MAX_TIME_MS ? time : Number.NaN);

/** What a time of `unit` may be, in words. */
export function timeWords(unit: TimeUnit): string {
  if (unit === 'iso') return 'ISO 8601 with Z or an offset, as 2026-01-31T23:59:59.5+09:00';
  const names = { s: 'seconds', ms: 'milliseconds', us: 'microseconds' };
  return `${names[unit]} since the epoch`;
}
