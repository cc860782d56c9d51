// Folders that are gone when the test that asked for them ends.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ClusterGraph } from './cluster-graph.ts';

export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes a graph with sparse features as the CSV tables of a graph folder. */
export async function writeGraphFolder(dir: string, { graph, split }: ClusterGraph): Promise<void> {
  const { adjacency, labels, features } = graph;
  if (features.kind !== 'sparse') throw new Error('Only sparse features can be written');
  const splitOf = (node: number) => {
    if (split.train.includes(node)) return 'train';
    if (split.validation.includes(node)) return 'val';
    return split.test.includes(node) ? 'test' : 'none';
  };
  const nodes = Array.from(labels.keys());
  const row = (of: { offsets: Int32Array; indices: Int32Array }, node: number) =>
    of.indices.subarray(of.offsets[node], of.offsets[node + 1]);
  const edges = nodes.flatMap((node) => Array.from(row(adjacency, node), (to) => `${node},${to}`));
  const tables = {
    'edges.csv': ['src,dst', ...edges],
    'labels.csv': [
      'node,label,split',
      ...nodes.map((node) => `${node},${labels[node]},${splitOf(node)}`),
    ],
    'features.csv': [
      'node,features',
      ...nodes.map((node) => `${node},${row(features.rows, node).join(' ')}`),
    ],
  };
  for (const [name, lines] of Object.entries(tables)) {
    await writeFile(join(dir, name), `${lines.join('\n')}\n`);
  }
}
