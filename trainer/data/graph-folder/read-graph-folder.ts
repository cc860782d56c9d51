// Reads a graph folder: edges.csv, labels.csv and features.csv, each plain or .gz,
// with an optional meta.json. See readGraphFolder() for the layout.
import { basename, resolve } from 'node:path';
import { assembleGraph } from '../assemble-graph.ts';
import type { GraphReader, ReadGraph, ReadGraphOptions } from '../graph-reader.ts';
import { hasTable, requireTable } from '../text/find-table.ts';
import { arrangeFeatures } from './arrange-features.ts';
import { arrangeLabels } from './arrange-labels.ts';
import { checkListed, type ListedNodes } from './check-listed.ts';
import { readEdges } from './read-edges.ts';
import { readFeatures } from './read-features.ts';
import { readLabels } from './read-labels.ts';
import { readMeta } from './read-meta.ts';

function notesOf({ nodesWithoutLabelLine, nodesWithoutFeatureLine }: ListedNodes): string[] {
  const notes: string[] = [];
  if (nodesWithoutLabelLine > 0) {
    notes.push(`${nodesWithoutLabelLine} nodes are not in labels.csv; they count as unlabelled.`);
  }
  if (nodesWithoutFeatureLine > 0) {
    notes.push(
      `${nodesWithoutFeatureLine} nodes are not in features.csv; their rows are all zero.`,
    );
  }
  return notes;
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
 * Problems are `data-missing` or `data-invalid` with `file:line:column` as the field.
 */
async function readGraphFolder(options: ReadGraphOptions): Promise<ReadGraph | undefined> {
  const { path: dir, issues, signal } = options;
  const labelFile = await requireTable(dir, 'labels.csv', issues);
  const featureFile = await requireTable(dir, 'features.csv', issues);
  const edgeFile = await requireTable(dir, 'edges.csv', issues);
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
  const { nodeCount } = listed;
  const parts = {
    name: meta.name ?? basename(resolve(dir)),
    edges: await readEdges({ ...edgeFile, nodeCount, issues, signal }),
    features: arrangeFeatures(featureLines, nodeCount),
    featureField: `${featureFile.name}:features`,
    ...arrangeLabels(labelLines, nodeCount),
    labelTexts: labelLines.texts,
    labelField: `${labelFile.name}:label`,
    classNames: meta.classes,
    notes: notesOf(listed),
  };
  return assembleGraph(parts, issues);
}

export const graphFolderReader: GraphReader = {
  layout: 'graph-folder',
  title: 'a folder with edges.csv, labels.csv and features.csv',
  detect: ({ content }) =>
    content !== 'file' &&
    ['labels.csv', 'features.csv', 'edges.csv'].some((table) => hasTable(content, table)),
  read: readGraphFolder,
};
