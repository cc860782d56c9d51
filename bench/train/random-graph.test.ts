import { expect, test } from 'vitest';
import { graphStatistics } from '../../trainer/graph/index.ts';
import { createRandomGraph } from './random-graph.ts';

const OPTIONS = {
  name: 'random',
  nodes: 1003,
  edges: 4000,
  width: 10,
  classes: 5,
  shares: { train: 0.5, validation: 0.2, test: 0.25 },
  seed: 3,
};

test('createRandomGraph() has the size it was asked for', () => {
  const { graph, split } = createRandomGraph(OPTIONS);
  const { nodes, edges, classSizes, features } = graphStatistics(graph);
  expect({ nodes, classes: classSizes.length }).toEqual({ nodes: 1003, classes: 5 });
  // Self-loops and repeats are dropped: about 4000 · 4000 / (2 · pairs) + 4000 / 200.
  expect(edges).toBeGreaterThan(3900);
  expect(edges).toBeLessThanOrEqual(4000);
  expect(features).toMatchObject({ kind: 'dense', columns: 10, missing: 0 });
  const sizes = Object.values(split).map(({ length }) => length / 1003);
  [0.5, 0.2, 0.25, 0.05].forEach((share, set) => {
    // Four deviations of a binomial share.
    expect(Math.abs(sizes[set] - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 1003));
  });
  const all = Object.values(split).flatMap((nodes) => [...nodes]);
  expect(all.toSorted((a, b) => a - b)).toEqual([...Array(1003).keys()]);
});

test('createRandomGraph() gives edges and features that tell of the class', () => {
  const { graph } = createRandomGraph(OPTIONS);
  // 0.65 + 0.35 / 5 of the edges join equal classes; four deviations are 0.03.
  expect(Math.abs(graphStatistics(graph).edgeHomophily! - 0.72)).toBeLessThan(0.03);
  const { values } = graph.features.rows;
  let own = 0;
  let other = 0;
  values.forEach((value, i) => {
    const node = Math.floor(i / 10);
    if ((i % 10) % 5 === node % 5) own += value / (1003 * 2);
    else other += value / (1003 * 8);
  });
  expect(own - other).toBeCloseTo(1, 1);
});

test('createRandomGraph() is fixed by its seed', () => {
  const { graph } = createRandomGraph(OPTIONS);
  expect(createRandomGraph(OPTIONS).graph.sha256).toBe(graph.sha256);
  expect(createRandomGraph({ ...OPTIONS, seed: 4 }).graph.sha256).not.toBe(graph.sha256);
});
