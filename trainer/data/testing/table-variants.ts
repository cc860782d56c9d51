// The plain graph as edge and node tables in CSV and Parquet.
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type LayoutVariant, lines } from './layout-variant.ts';
import type { PlainGraph } from './plain-graph.ts';

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

export const TABLE_VARIANTS: readonly LayoutVariant[] = [
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
