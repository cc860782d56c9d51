// Quantised feature rows: the only form in which features reach the kernels or
// travel from a gateway to the edge.
import { InputError } from '../error/index.ts';
import { MAX_CODE } from './layer.ts';

/** Every column of every row, 7-bit codes. */
export interface DenseRows {
  readonly kind: 'dense';
  readonly count: number;
  readonly width: number;
  /** uint8 [count, width], 0..127. */
  readonly codes: Uint8Array;
}

/** Only the non-zero columns, in compressed sparse rows (CSR). */
export interface SparseRows {
  readonly kind: 'sparse';
  readonly count: number;
  readonly width: number;
  /** int32 [count + 1]: row i holds entries offsets[i]..offsets[i+1]. */
  readonly offsets: Int32Array;
  /** int32 [non-zeros], strictly ascending within a row. */
  readonly indices: Int32Array;
  /** uint8 [non-zeros], 1..127. */
  readonly codes: Uint8Array;
}

export type QuantisedRows = DenseRows | SparseRows;

/** The rows at `positions`, in that order. */
export function selectRows(rows: QuantisedRows, positions: ArrayLike<number>): QuantisedRows {
  const { width } = rows;
  const count = positions.length;
  if (rows.kind === 'dense') {
    const codes = new Uint8Array(count * width);
    for (let i = 0; i < count; i++) {
      const begin = positions[i] * width;
      codes.set(rows.codes.subarray(begin, begin + width), i * width);
    }
    return { kind: 'dense', count, width, codes };
  }
  const offsets = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    offsets[i + 1] = offsets[i] + rows.offsets[positions[i] + 1] - rows.offsets[positions[i]];
  }
  const indices = new Int32Array(offsets[count]);
  const codes = new Uint8Array(offsets[count]);
  for (let i = 0; i < count; i++) {
    const begin = rows.offsets[positions[i]];
    const end = rows.offsets[positions[i] + 1];
    indices.set(rows.indices.subarray(begin, end), offsets[i]);
    codes.set(rows.codes.subarray(begin, end), offsets[i]);
  }
  return { kind: 'sparse', count, width, offsets, indices, codes };
}

function refuse(message: string, field: string, value: unknown, allowed: string): never {
  throw new InputError('rows-malformed', message, { field, value, allowed });
}

/** What a bundle says about its rows. */
export interface RowShape {
  readonly width: number;
  readonly sparse: boolean;
}

/**
 * Checks the kind and width of rows, and that their arrays are as long as they say.
 *
 * @throws {InputError} `rows-wrong-width` or `rows-malformed`.
 */
export function checkShape(rows: QuantisedRows, expected: RowShape): void {
  if ((rows.kind === 'sparse') !== expected.sparse) {
    const allowed = expected.sparse ? 'sparse' : 'dense';
    refuse(`The model reads ${allowed} rows`, 'rows', rows.kind, allowed);
  }
  if (rows.width !== expected.width) {
    throw new InputError(
      'rows-wrong-width',
      `Rows have ${rows.width} features, the model reads ${expected.width}`,
      { field: 'rows.width', value: rows.width, allowed: `${expected.width}` },
    );
  }
  const { count, width, codes } = rows;
  if (rows.kind === 'dense') {
    const size = count * width;
    if (codes.length === size) return;
    refuse('Dense codes have the wrong size', 'codes', codes.length, `${size} codes`);
  }
  const { offsets, indices } = rows;
  const entries = indices.length;
  if (codes.length !== entries) {
    refuse('Sparse codes and indices differ in length', 'codes', codes.length, `${entries}`);
  }
  if (offsets.length !== count + 1 || offsets[0] !== 0 || offsets[count] !== entries) {
    refuse('Row offsets do not cover the entries', 'offsets', offsets[count], `0..${entries}`);
  }
}

/**
 * Checks every code and column of rows that have the right shape.
 *
 * @throws {InputError} `rows-malformed`, naming the first that is out of range.
 */
export function checkEntries(rows: QuantisedRows): void {
  const { codes } = rows;
  const large = codes.findIndex((code) => code > MAX_CODE);
  if (large >= 0) {
    const value = codes[large];
    refuse(`Code ${value} exceeds 7 bits`, `codes[${large}]`, value, `0..${MAX_CODE}`);
  }
  if (rows.kind === 'dense') return;
  const zero = codes.indexOf(0);
  if (zero >= 0) refuse('A sparse row lists a zero', `codes[${zero}]`, 0, `1..${MAX_CODE}`);
  const { count, width, offsets, indices } = rows;
  const entries = indices.length;
  for (let i = 0; i < count; i++) {
    if (offsets[i + 1] < offsets[i] || offsets[i + 1] > entries) {
      refuse('Row offsets must ascend', `offsets[${i + 1}]`, offsets[i + 1], `>= ${offsets[i]}`);
    }
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      const lowest = e > offsets[i] ? indices[e - 1] + 1 : 0;
      if (indices[e] < lowest || indices[e] >= width) {
        refuse(
          'Column indices must ascend within the row',
          `indices[${e}]`,
          indices[e],
          `${lowest}..${width - 1}`,
        );
      }
    }
  }
}

/**
 * Checks rows that came from outside against what a bundle reads.
 *
 * @throws {InputError} `rows-wrong-width` or `rows-malformed`.
 */
export function checkRows(rows: QuantisedRows, expected: RowShape): void {
  checkShape(rows, expected);
  checkEntries(rows);
}
