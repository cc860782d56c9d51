// The plain graph as .npz files in several types.
import type { LayoutVariant } from './layout-variant.ts';
import { type ArraySpec, npzBytes } from './npz-bytes.ts';
import type { PlainGraph } from './plain-graph.ts';

/** Types of the arrays of a .npz file. */
interface ArrayTypes {
  readonly index: string;
  readonly float: string;
  readonly label: string;
  readonly mask: string;
}

function csr(name: string, rows: readonly (readonly [number, number][])[], types: ArrayTypes) {
  const entries = rows.flat();
  const ends = rows.map((_, i) => rows.slice(0, i + 1).flat().length);
  const array = (descr: string, values: readonly number[]): ArraySpec => ({
    descr,
    shape: [values.length],
    values,
  });
  return {
    [`${name}_data`]: array(
      types.float,
      entries.map(([, value]) => value),
    ),
    [`${name}_indices`]: array(
      types.index,
      entries.map(([column]) => column),
    ),
    [`${name}_indptr`]: array(types.index, [0, ...ends]),
  };
}

function npzArrays(graph: PlainGraph, types: ArrayTypes, attributes: 'sparse' | 'dense') {
  const { edges, labels, splits, features } = graph;
  const nodeCount = labels.length;
  const width = features[0].length;
  const rows = labels.map((_, node) =>
    edges.filter(([source]) => source === node).map(([, target]): [number, number] => [target, 1]),
  );
  const entries = features.map((values) =>
    values.flatMap((value, j): [number, number][] => (value === 0 ? [] : [[j, value]])).reverse(),
  );
  const shape = (values: number[]): ArraySpec => ({ descr: '<i8', shape: [2], values });
  const mask = (name: string): ArraySpec => ({
    descr: types.mask,
    shape: [nodeCount],
    values: splits.map((split) => Number(split === name)),
  });
  const dense = { descr: types.float, shape: [nodeCount, width], values: features.flat() };
  return {
    ...csr('adj', rows, types),
    adj_shape: shape([nodeCount, nodeCount]),
    ...(attributes === 'sparse'
      ? { ...csr('attr', entries, types), attr_shape: shape([nodeCount, width]) }
      : { attr_matrix: { ...dense, fortran: true } }),
    labels: { descr: types.label, shape: [nodeCount], values: labels },
    train_mask: mask('train'),
    val_mask: mask('val'),
    test_mask: mask('test'),
  };
}

function npz(
  title: string,
  types: ArrayTypes,
  { deflate, attributes }: { deflate: boolean; attributes: 'sparse' | 'dense' },
): LayoutVariant {
  const file = 'graph.npz';
  return {
    layout: 'npz',
    title,
    file,
    files: (graph) => ({ [file]: npzBytes(npzArrays(graph, types, attributes), { deflate }) }),
  };
}

export const NPZ_VARIANTS: readonly LayoutVariant[] = [
  npz(
    'a stored .npz',
    { index: '<i4', float: '<f4', label: '|i1', mask: '|b1' },
    { deflate: false, attributes: 'sparse' },
  ),
  npz(
    'a deflated .npz of wide types',
    { index: '<u8', float: '<f8', label: '<i8', mask: '<i4' },
    { deflate: true, attributes: 'sparse' },
  ),
  npz(
    'a big-endian .npz with a dense matrix by columns',
    { index: '>u2', float: '>f8', label: '>f4', mask: '|u1' },
    { deflate: true, attributes: 'dense' },
  ),
];
