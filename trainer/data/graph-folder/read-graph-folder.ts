// Reads a graph folder: edges.csv, labels.csv and features.csv, each plain or .gz,
// with an optional meta.json. See readGraphFolder() for the layout.
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { buildAdjacency } from '../../graph/build-adjacency.ts';
import type { GraphData } from '../../graph/graph-data.ts';
import { hashGraph } from '../../graph/hash-graph.ts';
import { type IssueCollector, refuseFirst } from '../issues.ts';
import { nameClasses } from '../name-classes.ts';
import { arrangeFeatures } from './arrange-features.ts';
import { arrangeLabels } from './arrange-labels.ts';
import { checkListed } from './check-listed.ts';
import { readEdges } from './read-edges.ts';
import { readFeatures } from './read-features.ts';
import { readLabels } from './read-labels.ts';
import { readMeta } from './read-meta.ts';

export interface ReadGraphFolderOptions {
  readonly dir: string;
  /** Where problems go. @default {refuseFirst, which throws} */
  readonly issues?: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}

/** What was mended or assumed on the way. */
export interface ReadCounts {
  readonly selfLoops: number;
  readonly duplicateEdges: number;
  /** Nodes that labels.csv does not list; they have no label and no split. */
  readonly nodesWithoutLabelLine: number;
  /** Nodes that features.csv does not list; their rows are all zero. */
  readonly nodesWithoutFeatureLine: number;
}

export interface GraphFolder {
  readonly graph: GraphData;
  readonly counts: ReadCounts;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** `name` or `name.gz`, whichever the folder has. */
async function findTable(dir: string, name: string, issues: IssueCollector) {
  for (const candidate of [name, `${name}.gz`]) {
    const path = join(dir, candidate);
    if (await isFile(path)) return { path, name: candidate };
  }
  issues.report({
    code: 'data-missing',
    message: `The folder has no ${name}`,
    field: name,
    value: undefined,
    allowed: `${name} or ${name}.gz`,
  });
  return undefined;
}

function checkClasses(texts: readonly string[], issues: IssueCollector): void {
  if (texts.length >= 2) return;
  issues.report({
    code: 'data-invalid',
    message: 'labels.csv must hold at least two classes',
    field: 'labels.csv:label',
    value: texts.join(', '),
    allowed: 'at least 2 different labels',
  });
}

/**
 * Reads a graph folder.
 *
 * - `edges.csv` (`src,dst`): undirected; either direction, repeats and self-loops are
 *   accepted, merged or dropped, and counted.
 * - `labels.csv` (`node,label[,split]`): label a number or a text, empty or −1 where
 *   unknown; split `train`, `val`/`validation`, `test`, or `none`/empty.
 * - `features.csv` (`node,features`): space-separated column ids, or `id:value`.
 * - `meta.json`: `name` and `classes`, both optional.
 *
 * Nodes are numbered from 0 to the largest number in labels or features; each must be
 * listed in at least one of the two. Any table may be gzipped (`.gz`).
 *
 * @returns `undefined` only when `issues` took a problem after which there is no graph.
 * @throws {InputError} `data-missing` or `data-invalid` from the default `issues`,
 * with `file:line:column` as the field.
 */
export async function readGraphFolder(
  options: ReadGraphFolderOptions & { readonly issues?: undefined },
): Promise<GraphFolder>;
export async function readGraphFolder(
  options: ReadGraphFolderOptions,
): Promise<GraphFolder | undefined>;
export async function readGraphFolder(
  options: ReadGraphFolderOptions,
): Promise<GraphFolder | undefined> {
  const { dir, issues = refuseFirst, signal } = options;
  const labelFile = await findTable(dir, 'labels.csv', issues);
  const featureFile = await findTable(dir, 'features.csv', issues);
  const edgeFile = await findTable(dir, 'edges.csv', issues);
  const meta = await readMeta({ dir, issues, signal });
  if (!labelFile || !featureFile || !edgeFile) return undefined;
  const labelLines = await readLabels({ ...labelFile, issues, signal });
  const featureLines = await readFeatures({ ...featureFile, issues, signal });
  const listed = checkListed({
    labelNodes: labelLines.nodes,
    featureNodes: featureLines.nodes,
    issues,
  });
  if (listed === undefined) return undefined;
  const { nodeCount, nodesWithoutLabelLine, nodesWithoutFeatureLine } = listed;
  const edges = await readEdges({ ...edgeFile, nodeCount, issues, signal });
  const { adjacency, selfLoops, duplicates } = buildAdjacency(edges);
  checkClasses(labelLines.texts, issues);
  const { classes, classOf } = nameClasses(labelLines.texts, meta.classes);
  const { labels, publicSplit } = arrangeLabels({ lines: labelLines, nodeCount, classOf });
  const features = arrangeFeatures({
    lines: featureLines,
    nodeCount,
    name: featureFile.name,
    issues,
  });
  const featureSpec = { kind: 'table', columns: features.rows.width } as const;
  const content = { classes, featureSpec, features, adjacency, labels };
  const sha256 = hashGraph(content);
  const name = meta.name ?? basename(resolve(dir));
  return {
    graph: { name, ...content, publicSplit, sha256 },
    counts: {
      selfLoops,
      duplicateEdges: duplicates,
      nodesWithoutLabelLine,
      nodesWithoutFeatureLine,
    },
  };
}
