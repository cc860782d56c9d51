import { expect, test } from 'vitest';
import { buildAdjacency } from './build-adjacency.ts';
import type { GraphData } from './graph-data.ts';
import { hashGraph } from './hash-graph.ts';
import { graphStatistics } from './statistics.ts';

function graphOf(labels: number[], pairs: [number, number][]): GraphData {
  const nodeCount = labels.length;
  const { adjacency } = buildAdjacency({
    nodeCount,
    sources: Int32Array.from(pairs, ([source]) => source),
    targets: Int32Array.from(pairs, ([, target]) => target),
  });
  const values = new Float32Array(nodeCount * 2).fill(1);
  values[0] = Number.NaN;
  values[1] = 0;
  const content = {
    classes: ['a', 'b'],
    featureSpec: { kind: 'table', columns: 2 },
    features: { kind: 'dense', rows: { count: nodeCount, width: 2, values } },
    adjacency,
    labels: Int32Array.from(labels),
  } as const;
  return { name: 'test', ...content, publicSplit: undefined, sha256: hashGraph(content) };
}

test('graphStatistics() counts nodes, edges, classes and gaps', () => {
  const graph = graphOf([0, 0, 1, -1, 1], [[0, 1], [1, 2], [2, 3]]); // biome-ignore format: pairs
  expect(graphStatistics(graph)).toMatchObject({
    nodes: 5,
    edges: 3,
    meanDegree: 6 / 5,
    isolated: 1,
    classSizes: [2, 2],
    largestClassShare: 1 / 2,
    withoutLabel: 1,
    split: undefined,
    labelRate: 0,
    edgeHomophily: 1 / 2,
    features: { kind: 'dense', columns: 2, meanNonZeros: 8 / 5, density: 8 / 10, missing: 1 },
  });
});

test('graphStatistics() gives the adjusted homophily of the definition', () => {
  // Degrees: class a 1 + 2 = 3, class b 1; 2E = 4; chance = 9/16 + 1/16.
  const { adjustedHomophily } = graphStatistics(graphOf([0, 0, 1], [[0, 1], [1, 2]])); // biome-ignore format: pairs
  expect(adjustedHomophily).toBeCloseTo((1 / 2 - 10 / 16) / (1 - 10 / 16), 12);
});

test('graphStatistics() has no homophily where no edge joins labelled nodes', () => {
  const statistics = graphStatistics(graphOf([0, -1, 1], [[0, 1], [1, 2]])); // biome-ignore format: pairs
  expect(statistics.edgeHomophily).toBeUndefined();
  expect(statistics.adjustedHomophily).toBeUndefined();
});

test('graphStatistics() doubts a graph without edges, with few of them, or of unlike neighbours', () => {
  const doubts = (labels: number[], pairs: [number, number][]) =>
    graphStatistics(graphOf(labels, pairs)).doubts.join(' ');
  expect(doubts([0, 1], [])).toContain('no edges');
  expect(doubts([0, 0, 1, 1, 1], [[0, 1]])).toContain('More than half');
  expect(doubts([0, 1, 0, 1], [[0, 1], [2, 3], [1, 2], [0, 3]])).toContain('unlikely to help'); // biome-ignore format: pairs
  expect(doubts([0, 0, 1, 1], [[0, 1], [2, 3]])).toBe(''); // biome-ignore format: pairs
});

test('graphStatistics() doubts plentiful labels and a dominant class', () => {
  const graph = graphOf([0, 0, 1, 1], [[0, 1], [2, 3]]); // biome-ignore format: pairs
  const split = (train: number[], test: number[]) => ({
    train: Int32Array.from(train),
    validation: new Int32Array(0),
    test: Int32Array.from(test),
    unlabelled: new Int32Array(0),
  });
  const doubts = (train: number[], rest: number[]) =>
    graphStatistics({ ...graph, publicSplit: split(train, rest) }).doubts.join(' ');
  expect(doubts([0, 1, 2], [3])).toContain('Labels are plentiful (75 %');
  expect(doubts([0, 1], [2, 3])).toBe('');
  const one = graphOf([...Array(19).fill(0), 1], [[0, 1]]);
  expect(graphStatistics(one).doubts.join(' ')).toContain('95 % of the labelled nodes');
});

test('hashGraph() changes with labels, edges, features and classes', () => {
  const base = graphOf([0, 1, 1], [[0, 1]]);
  const others = [
    graphOf([0, 1, 0], [[0, 1]]),
    graphOf([0, 1, 1], [[0, 2]]),
    { ...base, sha256: hashGraph({ ...base, classes: ['a', 'c'] }) },
  ];
  const changed = graphOf([0, 1, 1], [[0, 1]]);
  changed.features.rows.values[5] = 2;
  others.push({ ...changed, sha256: hashGraph(changed) });
  const hashes = [base, ...others].map(({ sha256 }) => sha256);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(graphOf([0, 1, 1], [[1, 0]]).sha256).toBe(base.sha256);
});
