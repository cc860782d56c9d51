// Reads the raw CSV folder that OGB's node classification sets unpack to. See
// readOgbFolder() for the files.
import { basename, resolve } from 'node:path';
import { assembleGraph } from '../assemble-graph.ts';
import type { GraphReader, ReadGraph, ReadGraphOptions } from '../graph-reader.ts';
import type { IssueCollector } from '../issues.ts';
import { MAX_EDGES, MAX_NODES } from '../limits.ts';
import { type FoundTable, findTable, hasTable, requireTable } from '../text/find-table.ts';
import { readNumberRows } from '../text/read-number-rows.ts';
import { readOgbEdges } from './read-ogb-edges.ts';
import { readOgbFeatures } from './read-ogb-features.ts';
import { readOgbLabels } from './read-ogb-labels.ts';
import { readOgbSplit } from './read-ogb-split.ts';

/** The one number of a list with one graph; `undefined` where it was refused. */
async function readCount(
  table: FoundTable,
  maximum: number,
  { issues, signal }: Pick<ReadGraphOptions, 'issues' | 'signal'>,
): Promise<number | undefined> {
  const counts: number[] = [];
  const onRow = ([count]: Float64Array) => {
    if (counts.length < 3) counts.push(count);
  };
  await readNumberRows({ ...table, columns: 1, maxColumns: 1, issues, signal, onRow });
  const [count] = counts;
  if (counts.length === 1 && Number.isInteger(count) && count >= 1 && count <= maximum) {
    return count;
  }
  issues.report({
    code: 'data-invalid',
    message: `${table.name} must hold the size of one graph`,
    field: `${table.name}:${counts.length > 1 ? 2 : 1}`,
    value: counts.length === 1 ? count : `${counts.length} lines`,
    allowed: `one whole number 1..${maximum}`,
  });
  return undefined;
}

function checkRows(
  issues: IssueCollector,
  { name }: FoundTable,
  { rows, wanted, of }: { rows: number; wanted: number; of: string },
): void {
  if (rows === wanted) return;
  issues.report({
    code: 'data-invalid',
    message: `${name} does not have a line for every ${of}`,
    field: name,
    value: `${rows} lines`,
    allowed: `${wanted} lines`,
  });
}

/**
 * Reads an OGB folder, every file plain or `.gz`, without header lines.
 *
 * - `raw/edge.csv`: `source,target`, directed or not, read as undirected.
 * - `raw/node-feat.csv`: one row of numbers per node; `raw/node-label.csv`: one class
 *   number per node.
 * - `raw/num-node-list.csv`: the number of nodes of the one graph;
 *   `raw/num-edge-list.csv`: optional.
 * - `split/NAME/train.csv`, `valid.csv`, `test.csv`: node numbers; optional.
 *
 * Years, edge features and mappings are not read.
 */
async function readOgbFolder(options: ReadGraphOptions): Promise<ReadGraph | undefined> {
  const { path: dir, issues, signal } = options;
  const countFile = await requireTable(dir, 'raw/num-node-list.csv', issues);
  const edgeFile = await requireTable(dir, 'raw/edge.csv', issues);
  const featureFile = await requireTable(dir, 'raw/node-feat.csv', issues);
  const labelFile = await requireTable(dir, 'raw/node-label.csv', issues);
  if (!countFile || !edgeFile || !featureFile || !labelFile) return undefined;
  const nodeCount = await readCount(countFile, MAX_NODES, options);
  if (nodeCount === undefined) return undefined;
  const sizeFile = await findTable(dir, 'raw/num-edge-list.csv');
  const expected = sizeFile && (await readCount(sizeFile, MAX_EDGES, options));
  const common = { nodeCount, issues, signal };
  const { labels, labelTexts, rows } = await readOgbLabels({ ...common, table: labelFile });
  checkRows(issues, labelFile, { rows, wanted: nodeCount, of: 'node' });
  const { splits, notes } = await readOgbSplit({ dir, labels, issues, signal });
  const features = await readOgbFeatures({ ...common, table: featureFile });
  checkRows(issues, featureFile, { rows: features.rows, wanted: nodeCount, of: 'node' });
  const edges = await readOgbEdges({ ...common, table: edgeFile, expected });
  if (expected !== undefined) {
    checkRows(issues, edgeFile, { rows: edges.rows, wanted: expected, of: 'edge' });
  }
  const parts = {
    name: basename(resolve(dir)),
    edges: edges.edges,
    features: features.features,
    featureField: featureFile.name,
    labels,
    labelTexts,
    labelField: labelFile.name,
    classNames: undefined,
    splits,
    notes,
  };
  return assembleGraph(parts, issues);
}

export const ogbReader: GraphReader = {
  layout: 'ogb',
  title: 'an OGB folder with raw/edge.csv, raw/node-feat.csv and raw/node-label.csv',
  detect: ({ content }) => content !== 'file' && hasTable(content, 'raw/edge.csv'),
  read: readOgbFolder,
};
