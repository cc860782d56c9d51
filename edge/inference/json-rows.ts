// Float rows from JSON. Checked by hand rather than by the schema of the document:
// millions of numbers go straight into typed arrays, and an error names its cell.
import type { Cascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { jsonMalformed } from '../problem/edge-error.ts';
import { checkRowCount } from './row-count.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

function malformed(field: string, value: unknown, allowed: string): never {
  throw new InputError('rows-malformed', `'${field}' is not usable`, { field, value, allowed });
}

/** A JSON number as float32; the field is only spelled out when it is needed. */
function readNumber(value: unknown, field: () => string): number {
  if (typeof value !== 'number') malformed(field(), value, 'a number');
  const rounded = Math.fround(value);
  if (Number.isFinite(rounded)) return rounded;
  throw new InputError('rows-not-finite', `'${field()}' is beyond float32`, {
    field: field(),
    value,
    allowed: 'a finite float32',
  });
}

/** float32 of arrays of `width` numbers. @throws {InputError} naming the cell. */
export function readDense(rows: readonly unknown[], width: number): Float32Array {
  const values = new Float32Array(rows.length * width);
  for (let i = 0, e = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!Array.isArray(row)) malformed(`rows[${i}]`, row, `an array of ${width} numbers`);
    if (row.length !== width) {
      throw new InputError('rows-wrong-width', `Row ${i} has ${row.length} features`, {
        field: `rows[${i}]`,
        value: row.length,
        allowed: `${width}`,
      });
    }
    for (let j = 0; j < width; j++, e++) {
      const value = row[j];
      values[e] = value;
      // Rounded to float32 by the array. Only what is wrong is looked at twice, and named.
      if (typeof value !== 'number' || !Number.isFinite(values[e])) {
        readNumber(value, () => `rows[${i}][${j}]`);
      }
    }
  }
  return values;
}

interface SparseRow {
  readonly indices: readonly unknown[];
  readonly values: readonly unknown[];
}

function readSparseRow(row: unknown, i: number): SparseRow {
  const allowed = 'an object of indices and values';
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    malformed(`rows[${i}]`, row, allowed);
  }
  const { indices, values, ...rest } = row as Record<string, unknown>;
  for (const key of Object.keys(rest)) malformed(`rows[${i}].${key}`, rest[key], allowed);
  if (!Array.isArray(indices)) malformed(`rows[${i}].indices`, indices, 'an array of columns');
  if (!Array.isArray(values)) malformed(`rows[${i}].values`, values, 'an array of numbers');
  if (indices.length !== values.length) {
    malformed(`rows[${i}].values`, values.length, `${indices.length} numbers, one per index`);
  }
  return { indices, values };
}

/** Rows of `{indices, values}`. @throws {InputError} naming the cell. */
export function readSparse(rows: readonly unknown[], width: number) {
  const offsets = new Int32Array(rows.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  rows.forEach((entry, i) => {
    const row = readSparseRow(entry, i);
    let lowest = 0;
    for (let e = 0; e < row.indices.length; e++) {
      const index = row.indices[e];
      if (!Number.isInteger(index) || (index as number) < lowest || (index as number) >= width) {
        // Strictly ascending, as quantised rows are: an order check also finds every duplicate.
        malformed(`rows[${i}].indices[${e}]`, index, `a whole number in ${lowest}..${width - 1}`);
      }
      lowest = (index as number) + 1;
      indices.push(index as number);
      values.push(readNumber(row.values[e], () => `rows[${i}].values[${e}]`));
    }
    offsets[i + 1] = indices.length;
  });
  return {
    count: rows.length,
    width,
    offsets,
    indices: Int32Array.from(indices),
    values: Float32Array.from(values),
  };
}

/**
 * Quantises the `rows` of a JSON request. A sparse model takes sparse rows or
 * dense ones, not both in one request; a dense model takes dense rows only.
 *
 * @throws {InputError} `rows-empty`, `rows-too-many`, `rows-malformed`,
 * `rows-wrong-width` or `rows-not-finite`, naming the cell.
 */
export function readJsonRows(
  rows: unknown,
  { input, quantise }: Pick<Cascade, 'input' | 'quantise'>,
): QuantisedRows {
  if (!Array.isArray(rows)) malformed('rows', rows, 'an array of rows');
  checkRowCount(rows.length);
  const { sparse, width } = input;
  const given = Array.isArray(rows[0]) ? 'dense' : 'sparse';
  if (given === 'sparse') {
    if (!sparse) malformed('rows[0]', rows[0], `an array of ${width} numbers: the model is dense`);
    return quantise(readSparse(rows, width));
  }
  const values = readDense(rows, width);
  return quantise({ count: rows.length, width, values });
}

/**
 * The object of a JSON body with rows.
 *
 * @throws {EdgeError} `json-malformed`; {InputError} `rows-malformed`.
 */
export function readJsonBody(bytes: Uint8Array): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(bytes));
  } catch {
    throw jsonMalformed();
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Record<string, unknown>;
  }
  const details = { field: 'body', value: json, allowed: 'an object with rows' };
  throw new InputError('rows-malformed', 'The body is not a JSON object', details);
}
