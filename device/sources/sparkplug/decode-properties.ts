// What a gateway reads of a metric's properties: its unit and its quality.
import { MAX_NAME_BYTES, MAX_PROPERTIES } from './limits.ts';
import { BYTES, type Cursor, malformed, readKey, readLength, readText, skipField } from './wire.ts';

/** The first is Ignition's and the specification's, the second older drivers'. */
const UNIT_KEYS: readonly string[] = ['engUnit', 'Engineering Units'];
const QUALITY_KEY = 'Quality';

const field = { keys: 1, values: 2 } as const;
const valueField = { int: 3, long: 4, string: 8 } as const;

export interface Properties {
  readonly unit: string | undefined;
  /** 192 good, 0 bad, 500 stale (specification 3.0, chapter 6). */
  readonly quality: number | undefined;
}

/** Reads a value that is text or a whole number; other kinds are stepped over. */
function decodeValue(cursor: Cursor, begin: number, end: number): string | number | undefined {
  const outer = { at: cursor.at, end: cursor.end };
  cursor.at = begin;
  cursor.end = end;
  let value: string | number | undefined;
  while (cursor.at < cursor.end) {
    const key = readKey(cursor);
    const number = key >>> 3;
    if (number === valueField.string && (key & 7) === BYTES) {
      value = readText(cursor, MAX_NAME_BYTES);
    } else {
      skipField(cursor, key & 7);
      if (number === valueField.int || number === valueField.long) value = cursor.low;
    }
  }
  cursor.at = outer.at;
  cursor.end = outer.end;
  return value;
}

/** Decodes the property set that ends at `end`. Keys and values are two lists of one order. */
export function decodeProperties(cursor: Cursor, end: number): Properties {
  const outerEnd = cursor.end;
  cursor.end = end;
  const keys: string[] = [];
  const values: { begin: number; end: number }[] = [];
  while (cursor.at < end) {
    const key = readKey(cursor);
    if (key === ((field.keys << 3) | BYTES)) keys.push(readText(cursor, MAX_NAME_BYTES));
    else if (key === ((field.values << 3) | BYTES)) {
      const valueEnd = readLength(cursor);
      values.push({ begin: cursor.at, end: valueEnd });
      cursor.at = valueEnd;
    } else skipField(cursor, key & 7);
    if (Math.max(keys.length, values.length) > MAX_PROPERTIES) {
      throw malformed(cursor, `at most ${MAX_PROPERTIES} properties of a metric`);
    }
  }
  let unit: string | undefined;
  let quality: number | undefined;
  for (const [index, name] of keys.entries()) {
    const place = values[index];
    if (place === undefined || (name !== QUALITY_KEY && !UNIT_KEYS.includes(name))) continue;
    const value = decodeValue(cursor, place.begin, place.end);
    if (name === QUALITY_KEY) quality = typeof value === 'number' ? value : undefined;
    else if (typeof value === 'string' && value !== '') unit ??= value;
  }
  cursor.end = outerEnd;
  return { unit, quality };
}
