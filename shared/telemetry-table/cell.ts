// What a cell of a table holds as a number: text of a CSV field, or a value of a Parquet column.

/** A cell of a text or of a typed table. */
export type Cell = string | number | bigint | boolean | Date | null | undefined | object;

/** What historians, spreadsheets and loggers write where there is no value, in lower case. */
const NO_VALUE: ReadonlySet<string> = new Set([
  '',
  '-',
  '--',
  '---',
  '?',
  '#n/a',
  'bad',
  'bad input',
  'i/o timeout',
  'inf',
  '-inf',
  '+inf',
  'infinity',
  '-infinity',
  'n/a',
  'na',
  'nan',
  'no data',
  'none',
  'null',
]);

const TRUTH: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['false', 0],
]);

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** Whether a cell says that there is no value. */
export function isMissing(cell: Cell): boolean {
  if (typeof cell === 'string') return cell === '' || NO_VALUE.has(cell.trim().toLowerCase());
  return cell === null || cell === undefined || Number.isNaN(cell);
}

function numberOfText(text: string, decimalComma: boolean): number | undefined {
  if (text === '') return Number.NaN;
  const trimmed = text.trim();
  // A point in a file of decimal commas may part thousands: 1.500 is not read as either.
  const plain = decimalComma && !trimmed.includes('.') ? trimmed.replace(',', '.') : trimmed;
  if (NUMBER.test(plain) && !(decimalComma && trimmed.includes('.'))) {
    const value = Number(plain);
    return Number.isFinite(value) ? value : undefined;
  }
  const lower = trimmed.toLowerCase();
  return NO_VALUE.has(lower) ? Number.NaN : TRUTH.get(lower);
}

/**
 * The number in a cell: NaN where it is missing or not finite, `undefined` where the cell holds
 * something else. `decimalComma`: text is written 1,5.
 */
export function readNumber(cell: Cell, decimalComma = false): number | undefined {
  if (typeof cell === 'string') return numberOfText(cell, decimalComma);
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : Number.NaN;
  if (cell === null || cell === undefined) return Number.NaN;
  return typeof cell === 'bigint' || typeof cell === 'boolean' ? Number(cell) : undefined;
}

/** "none" and "-" may be what a class or a machine is called. */
const NO_NAME: ReadonlySet<string> = new Set(['nan', 'null', 'n/a', '#n/a']);

/** A name in a cell, '' for none. pandas makes 1.0 of a 1 that stands beside missing values. */
export function readName(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  const text = String(cell).trim();
  if (NO_NAME.has(text.toLowerCase())) return '';
  return /^-?\d+\.0+$/.test(text) ? text.slice(0, text.indexOf('.')) : text;
}
