// Features of a .npz graph: attr_* as a sparse matrix, or attr_matrix dense.
import { InputError } from '@dandan/shared/error';
import { MAX_FEATURES } from '@dandan/shared/features';
import type { NodeFeatures } from '../../graph/graph-data.ts';
import { MAX_DENSE_VALUES, MAX_NON_ZEROS } from '../limits.ts';
import { npyFloats } from './npy-values.ts';
import type { NpzFile } from './open-npz.ts';
import { readCsr } from './read-csr.ts';
import { sortRows } from './sort-rows.ts';

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', `${field} does not fit the graph`, {
    field,
    value,
    allowed,
  });
}

async function readDense(npz: NpzFile, nodeCount: number): Promise<NodeFeatures> {
  const array = await npz.read('attr_matrix');
  const { shape, field, count } = array;
  const [rows, width] = shape;
  if (shape.length !== 2 || rows !== nodeCount || width < 1 || width > MAX_FEATURES) {
    refuse(`${field}:shape`, shape, `${nodeCount} rows of 1..${MAX_FEATURES} columns`);
  }
  if (count > MAX_DENSE_VALUES) {
    refuse(`${field}:shape`, shape, `at most ${MAX_DENSE_VALUES} values in all`);
  }
  const values = npyFloats(array, { missing: true });
  return { kind: 'dense', rows: { count: rows, width, values } };
}

async function readSparse(npz: NpzFile, nodeCount: number): Promise<NodeFeatures> {
  const limits = { rows: nodeCount, columns: MAX_FEATURES, entries: MAX_NON_ZEROS };
  const matrix = await readCsr(npz, 'attr', limits);
  if (matrix.rows !== nodeCount) {
    refuse(`${npz.file}:attr_shape[0]`, matrix.rows, `${nodeCount}, the nodes of adj_shape`);
  }
  return { kind: 'sparse', rows: sortRows(matrix) };
}

/** Reads whichever the file has. @throws {InputError} `data-missing`, `data-invalid`. */
export async function readNpzFeatures(npz: NpzFile, nodeCount: number) {
  const dense = !npz.has('attr_indices') && npz.has('attr_matrix');
  return {
    features: await (dense ? readDense(npz, nodeCount) : readSparse(npz, nodeCount)),
    featureField: `${npz.file}:${dense ? 'attr_matrix' : 'attr_data'}`,
  };
}
