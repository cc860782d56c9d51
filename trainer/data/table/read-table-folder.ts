// Reads an edge list and a node table, each CSV or Parquet. See readTableFolder() for
// the columns.
import { basename, join, resolve } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { assembleGraph } from '../assemble-graph.ts';
import type { GraphReader, ReadGraph, ReadGraphOptions } from '../graph-reader.ts';
import { findTable, hasTable } from '../text/find-table.ts';
import { openCsv } from './open-csv.ts';
import { openParquet } from './open-parquet.ts';
import { readEdgeTable } from './read-edge-table.ts';
import { readNodes } from './read-nodes.ts';
import type { TableSource } from './table-source.ts';

async function openTable(
  dir: string,
  table: 'nodes' | 'edges',
  signal: AbortSignal | undefined,
): Promise<TableSource> {
  const csv = await findTable(dir, `${table}.csv`);
  if (csv !== undefined) return openCsv(csv, { signal });
  const name = `${table}.parquet`;
  return openParquet({ path: join(dir, name), name });
}

async function readParts(options: ReadGraphOptions): Promise<ReadGraph | undefined> {
  const { path: dir, issues, signal } = options;
  const nodeSource = await openTable(dir, 'nodes', signal);
  const edgeSource = await openTable(dir, 'edges', signal);
  const { ids, ...nodes } = await readNodes({ source: nodeSource, issues, signal });
  if (ids.size === 0) return undefined;
  const edges = await readEdgeTable({ source: edgeSource, ids, issues, signal });
  const parts = {
    name: basename(resolve(dir)),
    edges,
    ...nodes,
    featureField: nodeSource.name,
    classNames: undefined,
  };
  return assembleGraph(parts, issues);
}

/**
 * Reads a folder with an edge and a node table, each `.csv`, `.csv.gz` or `.parquet`.
 *
 * - `nodes`: columns `node` (or `node_id`, `id`): a number or a text; `label` (or
 *   `class`, `y`): a number or a text, empty or −1 where unknown; optional `split`; every
 *   other column is a numeric feature, empty where missing.
 * - `edges`: columns `src` and `dst` (or `source`/`target`, `from`/`to`), ids of the node
 *   table; a table of two columns may call them as it likes. Other columns are not read.
 *
 * Nodes are numbered in the order of the node table.
 */
async function readTableFolder(options: ReadGraphOptions): Promise<ReadGraph | undefined> {
  const { issues, path } = options;
  try {
    return await readParts(options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { code, message, field = basename(path), value, allowed = '', cause } = error;
    issues.report({ code, message, field, value, allowed, cause });
    return undefined;
  }
}

export const tableReader: GraphReader = {
  layout: 'table',
  title: 'a folder with edges and nodes as .csv or .parquet',
  detect: ({ content }) =>
    content !== 'file' &&
    (hasTable(content, 'nodes.csv') ||
      content.has('nodes.parquet') ||
      content.has('edges.parquet')),
  read: readTableFolder,
};
