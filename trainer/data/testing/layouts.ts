// Writers of one plain graph in every layout and variant that the readers take.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { onTestFinished } from 'vitest';
import type { LayoutName } from '../graph-reader.ts';
import { type ArraySpec, npzBytes } from './npz-bytes.ts';
import type { PlainGraph } from './plain-graph.ts';

/** Files by path in the folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface LayoutVariant {
  readonly layout: LayoutName;
  /** In words, for the test's title. */
  readonly title: string;
  /** The one file that is the graph; the folder where there are several. */
  readonly file?: string;
  files(graph: PlainGraph): Files;
}

const lines = (rows: readonly (readonly (string | number)[])[]) =>
  rows.map((row) => `${row.join(',')}\n`).join('');

const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.gz`, gzipSync(text)]));

function graphFolder({ edges, labels, splits, features }: PlainGraph): Files {
  const row = (values: readonly number[]) =>
    values.flatMap((value, j) => (value === 0 ? [] : [`${j}:${value}`])).join(' ');
  return {
    'edges.csv': lines([['src', 'dst'], ...edges]),
    'labels.csv': lines([
      ['node', 'label', 'split'],
      ...labels.map((label, node) => [node, label, splits[node]]),
    ]),
    'features.csv': lines([
      ['node', 'features'],
      ...features.map((values, node) => [node, row(values)]),
    ]),
  };
}

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

function ogbFolder({ edges, labels, splits, features }: PlainGraph): Files {
  const set = (name: string) =>
    lines(splits.flatMap((split, node) => (split === name ? [[node]] : [])));
  return {
    'raw/edge.csv': lines(edges),
    'raw/node-feat.csv': lines(features),
    'raw/node-label.csv': lines(labels.map((label) => [label < 0 ? 'nan' : label])),
    'raw/num-node-list.csv': `${labels.length}\n`,
    'raw/num-edge-list.csv': `${edges.length}\n`,
    'split/time/train.csv': set('train'),
    'split/time/valid.csv': set('val'),
    'split/time/test.csv': set('test'),
  };
}

interface Column {
  readonly name: string;
  readonly data: readonly (number | bigint | string | boolean)[];
  readonly type?: 'INT32' | 'INT64' | 'DOUBLE' | 'FLOAT' | 'STRING';
}

function nodeColumns(graph: PlainGraph, id: (node: number) => string | bigint): Column[] {
  return [
    { name: 'f0', data: graph.features.map((row) => row[0]), type: 'DOUBLE' },
    { name: 'Node', data: graph.labels.map((_, node) => id(node)) },
    { name: 'label', data: graph.labels, type: 'INT32' },
    { name: 'split', data: graph.splits },
    ...graph.features[0].slice(1).map((_, j) => ({
      name: `f${j + 1}`,
      data: graph.features.map((row) => row[j + 1]),
      type: 'FLOAT' as const,
    })),
  ];
}

function edgeColumns({ edges }: PlainGraph, id: (node: number) => string | bigint): Column[] {
  return [
    { name: 'weight', data: edges.map(() => 2), type: 'INT32' },
    { name: 'src', data: edges.map(([source]) => id(source)) },
    { name: 'dst', data: edges.map(([, target]) => id(target)) },
  ];
}

function csv(columns: readonly Column[]): string {
  const rows = columns[0].data.map((_, row) => columns.map(({ data }) => String(data[row])));
  return lines([columns.map(({ name }) => name), ...rows]);
}

const COMPRESSORS = {
  GZIP: (bytes: Uint8Array) => gzipSync(bytes),
  BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
  ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
};

type Codec = 'UNCOMPRESSED' | 'SNAPPY' | keyof typeof COMPRESSORS;

/** Row groups of three rows, so that every table has several. */
function parquet(columns: readonly Column[], codec: Codec): Uint8Array {
  const columnData = columns.map(({ data, ...column }) => ({ ...column, data: [...data] }));
  return new Uint8Array(
    parquetWriteBuffer({ columnData, codec, compressors: COMPRESSORS, rowGroupSize: 3 }),
  );
}

const numbered = (node: number) => BigInt(node);
/** Ids that sort otherwise than the nodes do, and that no array could be indexed by. */
const named = (node: number) => `pump ${(9 - node) ** 9}`;

function parquetTables(codec: Codec): LayoutVariant {
  return {
    layout: 'table',
    title: `Parquet tables, ${codec}`,
    files: (graph) => ({
      'nodes.parquet': parquet(nodeColumns(graph, numbered), codec),
      'edges.parquet': parquet(edgeColumns(graph, numbered), codec),
    }),
  };
}

/** Every layout, in its variants. */
export const VARIANTS: readonly LayoutVariant[] = [
  { layout: 'graph-folder', title: 'a graph folder', files: graphFolder },
  {
    layout: 'graph-folder',
    title: 'a gzipped graph folder',
    files: (graph) => gzipped(graphFolder(graph)),
  },
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
  { layout: 'ogb', title: 'an OGB folder', files: ogbFolder },
  { layout: 'ogb', title: 'a gzipped OGB folder', files: (graph) => gzipped(ogbFolder(graph)) },
  {
    layout: 'table',
    title: 'CSV tables with numbers as ids',
    files: (graph) => ({
      'nodes.csv': csv(nodeColumns(graph, numbered)),
      'edges.csv': csv(edgeColumns(graph, numbered)),
    }),
  },
  {
    layout: 'table',
    title: 'a gzipped CSV node table with texts as ids, edges in Parquet',
    files: (graph) => ({
      'nodes.csv.gz': gzipSync(csv(nodeColumns(graph, named))),
      'edges.parquet': parquet(edgeColumns(graph, named), 'SNAPPY'),
    }),
  },
  ...(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD'] as const).map(parquetTables),
];

/** Writes files and returns their folder; it is removed when the current test ends. */
export async function writeFiles(files: Files): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-layout-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return dir;
}

/** Writes `graph` and returns the path that a user would give. */
export async function writeVariant(variant: LayoutVariant, graph: PlainGraph): Promise<string> {
  const dir = await writeFiles(variant.files(graph));
  return variant.file === undefined ? dir : join(dir, variant.file);
}
