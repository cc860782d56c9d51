import { expect, test } from 'vitest';
import { buildAdjacency } from './build-adjacency.ts';
import { averageNeighbours, normaliseAdjacency } from './normalise.ts';
import { selfLoopPattern } from './self-loops.ts';

/** Edges 0–2, 1–2; node 3 on its own. */
const { adjacency } = buildAdjacency({
  nodeCount: 4,
  sources: Int32Array.of(0, 1),
  targets: Int32Array.of(2, 2),
});

test('selfLoopPattern() lists every node among its neighbours, in order', () => {
  const { rowOf, columnOf, ...size } = selfLoopPattern(adjacency);
  expect(size).toEqual({ rows: 4, columns: 4 });
  expect([...rowOf]).toEqual([0, 0, 1, 1, 2, 2, 2, 3]);
  expect([...columnOf]).toEqual([0, 2, 1, 2, 0, 1, 2, 3]);
});

test('normaliseAdjacency() scales by the root of the degree with its self-loop', () => {
  const { pattern, scaling } = normaliseAdjacency(adjacency);
  expect(pattern).toEqual(selfLoopPattern(adjacency));
  expect([...scaling]).toEqual([2, 2, 3, 1].map((degree) => Math.fround(1 / Math.sqrt(degree))));
});

test('averageNeighbours() scales by the degree and leaves the node itself out', () => {
  const { pattern, scaling } = averageNeighbours(adjacency);
  expect([...pattern.rowOf]).toEqual([0, 1, 2, 2]);
  expect([...pattern.columnOf]).toEqual([2, 2, 0, 1]);
  expect([...scaling]).toEqual([1, 1, 0.5, 1]);
});
