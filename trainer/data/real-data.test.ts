// Reads the public graphs where a machine has them: set DANDAN_DATA to the folder
// that holds graphs/cora and its like.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { randomSplit } from '../graph/split.ts';
import { graphStatistics } from '../graph/statistics.ts';
import { readGraph } from './read-graph.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GRAPHS = join(resolve(ROOT, process.env.DANDAN_DATA ?? '../shared/data'), 'graphs');
const SETS = existsSync(GRAPHS)
  ? readdirSync(GRAPHS).filter((name) => existsSync(join(GRAPHS, name, 'meta.json')))
  : [];

test('the public graphs are at hand', ({ skip }) => {
  if (SETS.length === 0) skip('DANDAN_DATA names no folder of public graphs');
});

/** The counts that the folder's own meta.json states. */
function statedBy(name: string) {
  const { counts, stats } = JSON.parse(readFileSync(join(GRAPHS, name, 'meta.json'), 'utf8'));
  return { counts, stats };
}

test.each(SETS)('readGraph() finds in %s what its meta.json states', async (name) => {
  const { counts, stats } = statedBy(name);
  const folder = await readGraph({ path: join(GRAPHS, name) });
  const statistics = graphStatistics(folder.graph);
  expect(Object.values(folder.counts)).toEqual([0, 0, 0]);
  expect(statistics).toMatchObject({
    nodes: counts.nodes,
    edges: counts.edges_undirected,
    isolated: counts.isolated_nodes,
    classSizes: counts.class_sizes,
    features: { columns: counts.features, kind: 'sparse' },
  });
  expect(folder.graph.features.rows.values).toHaveLength(counts.feature_nonzeros);
  const { train, val: validation, test: tested, none: unlabelled } = counts.split_sizes;
  expect(statistics.split).toEqual(
    train === 0 ? undefined : { train, validation, test: tested, unlabelled },
  );
  expect(statistics.edgeHomophily).toBeCloseTo(stats.edge_homophily, 3);
  expect(statistics.adjustedHomophily).toBeCloseTo(stats.adjusted_homophily, 3);
  expect(statistics.doubts).toEqual([]);
});

test('Cora holds its published counts and split', async ({ skip }) => {
  if (!SETS.includes('cora')) skip('DANDAN_DATA names no folder with graphs/cora');
  const { graph } = await readGraph({ path: join(GRAPHS, 'cora') });
  expect(graph.adjacency.nodeCount).toBe(2708);
  expect(graph.adjacency.indices).toHaveLength(2 * 5278);
  expect(graph.features.rows.values).toHaveLength(49216);
  const { train, validation, test: tested, unlabelled } = graph.publicSplit!;
  expect([train, validation, tested, unlabelled].map(({ length }) => length)).toEqual([
    140, 500, 1000, 1068,
  ]);
  const split = randomSplit({ labels: graph.labels, classes: 7, seed: 0 });
  expect([split.train, split.validation, split.test].map(({ length }) => length)).toEqual([
    140, 210, 1358,
  ]);
});

test('Cora as .npz holds the graph that Cora as a folder holds', async ({ skip }) => {
  const file = join(GRAPHS, '../npz/cora.npz');
  if (!existsSync(file) || !SETS.includes('cora'))
    skip('DANDAN_DATA names no folder with npz/cora.npz');
  const npz = await readGraph({ path: file });
  const folder = graphStatistics((await readGraph({ path: join(GRAPHS, 'cora') })).graph);
  const { split: _, labelRate: __, classSizes, ...same } = folder;
  const statistics = graphStatistics(npz.graph);
  expect(statistics).toMatchObject(same);
  // The classes have names here and are ordered by them.
  const ascending = (sizes: readonly number[]) => [...sizes].sort((a, b) => a - b);
  expect(ascending(statistics.classSizes)).toEqual(ascending(classSizes));
  // 5,429 citations: 151 pairs of papers cite each other.
  expect(npz.counts).toEqual({ selfLoops: 0, duplicateEdges: 0, reciprocalEdges: 151 });
  expect(npz.graph.classes).toContain('Neural_Networks');
});
