// A compressed sparse matrix as SciPy's four arrays: NAME_data, NAME_indices,
// NAME_indptr and NAME_shape.
import { InputError } from '@dandan/shared/error';
import { npyFloats, npyWhole } from './npy-values.ts';
import type { NpzFile } from './open-npz.ts';

export interface CsrMatrix {
  readonly rows: number;
  readonly columns: number;
  /** int32 [rows + 1]. */
  readonly offsets: Int32Array;
  /** int32 [entries], in the order of the file. */
  readonly indices: Int32Array;
  /** float32 [entries]; all 1 where the file has no data array. */
  readonly values: Float32Array;
}

export interface CsrLimits {
  readonly rows: number;
  readonly columns: number;
  readonly entries: number;
}

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', `${field} is no part of a compressed sparse matrix`, {
    field,
    value,
    allowed,
  });
}

async function readShape(npz: NpzFile, name: string, limits: CsrLimits): Promise<[number, number]> {
  const maximum = Math.max(limits.rows, limits.columns);
  const array = await npz.read(`${name}_shape`);
  const shape = npyWhole(array, { minimum: 1, maximum });
  if (shape.length !== 2) refuse(array.field, `${shape.length} numbers`, 'rows and columns');
  const [rows, columns] = shape;
  if (rows > limits.rows) refuse(`${array.field}[0]`, rows, `at most ${limits.rows} rows`);
  if (columns > limits.columns) {
    refuse(`${array.field}[1]`, columns, `at most ${limits.columns} columns`);
  }
  return [rows, columns];
}

function checkOffsets(offsets: Int32Array, field: string, rows: number, entries: number): void {
  if (offsets.length !== rows + 1)
    refuse(field, `${offsets.length} numbers`, `${rows + 1} numbers`);
  if (offsets[0] !== 0) refuse(`${field}[0]`, offsets[0], '0');
  for (let row = 0; row < rows; row++) {
    if (offsets[row + 1] < offsets[row]) {
      refuse(`${field}[${row + 1}]`, offsets[row + 1], `at least ${offsets[row]}`);
    }
  }
  if (offsets[rows] !== entries)
    refuse(`${field}[${rows}]`, offsets[rows], `${entries}, the entries`);
}

/**
 * Reads and checks a matrix.
 *
 * @throws {InputError} `data-missing`, `data-invalid` naming array and item.
 */
export async function readCsr(npz: NpzFile, name: string, limits: CsrLimits): Promise<CsrMatrix> {
  const [rows, columns] = await readShape(npz, name, limits);
  const indexArray = await npz.read(`${name}_indices`);
  const entries = indexArray.count;
  if (entries > limits.entries) {
    refuse(indexArray.field, `${entries} entries`, `at most ${limits.entries} entries`);
  }
  const indices = npyWhole(indexArray, { minimum: 0, maximum: columns - 1 });
  const offsetArray = await npz.read(`${name}_indptr`);
  const offsets = npyWhole(offsetArray, { minimum: 0, maximum: entries });
  checkOffsets(offsets, offsetArray.field, rows, entries);
  if (!npz.has(`${name}_data`)) {
    return { rows, columns, offsets, indices, values: new Float32Array(entries).fill(1) };
  }
  const dataArray = await npz.read(`${name}_data`);
  const values = npyFloats(dataArray, { missing: false });
  if (values.length !== entries) {
    refuse(dataArray.field, `${values.length} values`, `${entries} values`);
  }
  return { rows, columns, offsets, indices, values };
}
