import { expect, test } from 'vitest';
import { buildAdjacency } from '../../graph/build-adjacency.ts';
import type { GraphData } from '../../graph/graph-data.ts';
import { createClusterGraph } from '../../testing/cluster-graph.ts';
import { type BinCounts, breakDown, localHomophily, sumBreakdowns } from './breakdown.ts';

/** A star 0–1, 0–2, 0–3 with one isolated node 4; node 3 has no label. */
const { adjacency } = buildAdjacency({
  nodeCount: 5,
  sources: Int32Array.of(0, 0, 0),
  targets: Int32Array.of(1, 2, 3),
});
const labels = Int32Array.of(0, 0, 1, -1, 1);
const graph: GraphData = {
  ...createClusterGraph({ classes: 2 }).graph,
  adjacency,
  labels,
};

/** Nodes, correct, the teacher correct, both alike. */
const at = ({ nodes, correct, teacherCorrect, agree }: BinCounts, bin: number) => [
  nodes[bin],
  correct[bin],
  teacherCorrect[bin],
  agree[bin],
];

test('localHomophily() counts labelled neighbours only', () => {
  expect(localHomophily(adjacency, labels, 0)).toBe(0.5);
  expect(localHomophily(adjacency, labels, 1)).toBe(1);
  expect(localHomophily(adjacency, labels, 2)).toBe(0);
  expect(localHomophily(adjacency, labels, 4)).toBeUndefined();
});

test('breakDown() counts test nodes by class, degree and homophily', () => {
  const breakdown = breakDown({
    graph,
    predictions: Int32Array.of(0, 1, 1, 0, 0),
    teacherPredictions: Int32Array.of(1, 0, 1, 0, 0),
    test: Int32Array.of(0, 1, 2, 4),
  });
  expect(breakdown.confusion).toEqual([
    [1, 1],
    [1, 1],
  ]);
  // Degrees 3, 1, 1, 0: the first bin holds 0 and 1, the third 3 and 4.
  expect(breakdown.byDegree.nodes).toEqual([3, 0, 1, 0, 0, 0, 0, 0]);
  expect(at(breakdown.byDegree, 0)).toEqual([3, 1, 2, 2]);
  expect(at(breakdown.byDegree, 2)).toEqual([1, 1, 0, 0]);
  expect(breakdown.byHomophily.nodes).toEqual([1, 0, 1, 0, 1]);
});

test('sumBreakdowns() adds counts and knows nothing of none', () => {
  const part = breakDown({
    graph,
    predictions: labels.map((label) => Math.max(0, label)),
    teacherPredictions: Int32Array.of(0, 0, 0, 0, 0),
    test: Int32Array.of(0, 2),
  });
  const sum = sumBreakdowns([part, part, part])!;
  expect(sum.confusion).toEqual([
    [3, 0],
    [0, 3],
  ]);
  expect(at(sum.byDegree, 2)).toEqual([3, 3, 3, 3]);
  expect(sum.byHomophily.nodes).toEqual([3, 0, 3, 0, 0]);
  expect(sumBreakdowns([])).toBeUndefined();
});
