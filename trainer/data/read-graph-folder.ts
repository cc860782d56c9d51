// Reads a graph folder: edges.csv, labels.csv and features.csv, each plain or .gz,
// with an optional meta.json. See readGraphFolder() for the layout.
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type BuiltAdjacency, buildAdjacency } from '../graph/build-adjacency.ts';
import type { GraphData, Split } from '../graph/graph-data.ts';
import { hashGraph } from '../graph/hash-graph.ts';
import { arrangeFeatures } from './arrange-features.ts';
import { type IssueCollector, refuseFirst } from './issues.ts';
import { nameClasses } from './name-classes.ts';
import { readEdges } from './read-edges.ts';
import { type FeatureLines, readFeatures } from './read-features.ts';
import { type LabelLines, NO_SPLIT, readLabels, TEST, TRAIN, VALIDATION } from './read-labels.ts';
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

/** Marks the nodes that have a line; the count of those without one comes back. */
function countWithout(nodes: Int32Array, nodeCount: number, listed: Uint8Array): number {
  for (const node of nodes) listed[node] = 1;
  return nodeCount - nodes.length;
}

function checkListed(listed: Uint8Array, issues: IssueCollector): void {
  const gap = listed.indexOf(0);
  if (gap < 0 && listed.length > 0) return;
  issues.report({
    code: 'data-invalid',
    message:
      listed.length === 0
        ? 'The folder lists no node'
        : `Node ${gap} has neither a label nor a feature line`,
    field: 'labels.csv:node',
    value: listed.length === 0 ? 0 : gap,
    allowed: 'every node number from 0 to the largest in labels.csv or features.csv',
  });
}

function nodesOf(splits: Int32Array, code: number): Int32Array {
  const nodes: number[] = [];
  splits.forEach((split, node) => {
    if (split === code) nodes.push(node);
  });
  return Int32Array.from(nodes);
}

function publicSplitOf(splits: Int32Array): Split | undefined {
  const train = nodesOf(splits, TRAIN);
  if (train.length === 0) return undefined;
  return {
    train,
    validation: nodesOf(splits, VALIDATION),
    test: nodesOf(splits, TEST),
    unlabelled: nodesOf(splits, NO_SPLIT),
  };
}

function arrangeLabels(lines: LabelLines, nodeCount: number, classOf: readonly number[]) {
  const labels = new Int32Array(nodeCount).fill(-1);
  const splits = new Int32Array(nodeCount);
  lines.nodes.forEach((node, i) => {
    if (lines.labels[i] >= 0) labels[node] = classOf[lines.labels[i]];
    splits[node] = lines.splits[i];
  });
  return { labels, publicSplit: publicSplitOf(splits) };
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

function largestNode(...lists: Int32Array[]): number {
  let largest = -1;
  for (const list of lists) for (const node of list) if (node > largest) largest = node;
  return largest;
}

function countsOf(
  built: BuiltAdjacency,
  labels: LabelLines,
  features: FeatureLines,
  issues: IssueCollector,
): ReadCounts {
  const { nodeCount } = built.adjacency;
  const listed = new Uint8Array(nodeCount);
  const nodesWithoutLabelLine = countWithout(labels.nodes, nodeCount, listed);
  const nodesWithoutFeatureLine = countWithout(features.nodes, nodeCount, listed);
  checkListed(listed, issues);
  const { selfLoops, duplicates } = built;
  return { selfLoops, duplicateEdges: duplicates, nodesWithoutLabelLine, nodesWithoutFeatureLine };
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
  const nodeCount = largestNode(labelLines.nodes, featureLines.nodes) + 1;
  const edges = await readEdges({ ...edgeFile, nodeCount, issues, signal });
  const built = buildAdjacency(edges);
  const counts = countsOf(built, labelLines, featureLines, issues);
  checkClasses(labelLines.texts, issues);
  if (nodeCount === 0) return undefined;
  const { classes, classOf } = nameClasses(labelLines.texts, meta.classes);
  const { labels, publicSplit } = arrangeLabels(labelLines, nodeCount, classOf);
  const features = arrangeFeatures({
    lines: featureLines,
    nodeCount,
    name: featureFile.name,
    issues,
  });
  const featureSpec = { kind: 'table', columns: features.rows.width } as const;
  const { adjacency } = built;
  const content = { classes, featureSpec, features, adjacency, labels };
  const sha256 = hashGraph(content);
  const name = meta.name ?? basename(resolve(dir));
  return { graph: { name, ...content, publicSplit, sha256 }, counts };
}
