import type { TimeWindowSpec } from '@dandan/shared/features';
import { rowWidth } from '@dandan/shared/features';
import { createPlant, NORMAL, PLANT_SPEC } from '@dandan/shared/plant';
import { expect, test } from 'vitest';
import { graphStatistics } from '../graph/statistics.ts';
import { historyEdges } from '../history/edges/index.ts';
import { plantGraph, plantTopology } from './plant-graph.ts';

const plant = createPlant({ seed: 1 });
const { graph, split } = plantGraph({ plant, seed: 1 });

test('plantGraph() makes one node per machine and window', () => {
  const windows = (24 * 3_600_000) / PLANT_SPEC.strideMs;
  expect(graph.adjacency.nodeCount).toBeGreaterThan(plant.assets.length * (windows - 3));
  expect(graph.adjacency.nodeCount).toBeLessThanOrEqual(plant.assets.length * windows);
  expect(graph.features.rows).toMatchObject({
    count: graph.adjacency.nodeCount,
    width: rowWidth(plant.spec),
  });
});

test('plantGraph() repeats to the bit and differs between seeds', () => {
  expect(plantGraph({ plant: createPlant({ seed: 1 }), seed: 1 }).graph.sha256).toBe(graph.sha256);
  const durationMs = 6 * 3_600_000;
  const hashOf = (plantSeed: number, seed: number) =>
    plantGraph({ plant: createPlant({ seed: plantSeed }), seed, durationMs }).graph.sha256;
  expect(new Set([hashOf(1, 1), hashOf(1, 2), hashOf(2, 1)]).size).toBe(3);
});

test('plantGraph() gives the history that the figures of README.md were measured on', () => {
  expect(graph.sha256).toMatch(/^9f3ff6e1/);
});

test('plantGraph() has few labels, and enough nodes to calibrate and to test', () => {
  const perClass = (nodes: Int32Array) =>
    plant.classes.map((_, label) => nodes.filter((node) => graph.labels[node] === label).length);
  expect(perClass(split.train)).toEqual([40, 10, 10, 10, 10, 10]);
  expect(perClass(split.validation)).toEqual([60, 15, 15, 15, 15, 15]);
  expect(split.unlabelled.length).toBeGreaterThanOrEqual(1000);
  expect(split.test.length).toBeGreaterThan(4000);
  expect(graph.publicSplit).toBe(split);
});

test('plantGraph() ties windows in time and along the line, mostly of one class', () => {
  const { meanDegree, adjustedHomophily, isolated, classSizes, nodes } = graphStatistics(graph);
  // 4 windows before, 4 after, one machine up, one down; less at the ends.
  expect(meanDegree).toBeGreaterThan(9);
  expect(meanDegree).toBeLessThan(10);
  expect(isolated).toBe(0);
  expect(adjustedHomophily).toBeGreaterThan(0.6);
  expect(classSizes[NORMAL] / nodes).toBeLessThan(0.6);
});

test('plantGraph() marks silent channels as missing', () => {
  const { features, nodes } = graphStatistics(graph);
  expect(features.missing).toBeGreaterThan(0);
  expect(features.missing / (nodes * features.columns)).toBeLessThan(0.05);
});

/** Class of the nearest mean, means of standardised features over `train`. */
function nearestMean(values: Float32Array, width: number): (node: number) => number {
  const means = plant.classes.map(() => new Float64Array(width));
  const sizes = plant.classes.map(() => 0);
  for (const node of split.train) {
    sizes[graph.labels[node]]++;
    for (let j = 0; j < width; j++) means[graph.labels[node]][j] += values[node * width + j];
  }
  const distance = (node: number, label: number) =>
    means[label].reduce((sum, mean, j) => {
      return sum + (values[node * width + j] - mean / sizes[label]) ** 2;
    }, 0);
  return (node) => {
    const distances = means.map((_, label) => distance(node, label));
    return distances.indexOf(Math.min(...distances));
  };
}

test('plantGraph() gives a classifier that sees neighbours a clear lead over one that does not', () => {
  const { width, values } = graph.features.rows;
  const standard = new Float32Array(values.length);
  for (let j = 0; j < width; j++) {
    const column = Array.from(graph.labels, (_, node) => values[node * width + j]);
    const known = column.filter((value) => !Number.isNaN(value));
    const mean = known.reduce((a, b) => a + b) / known.length;
    const deviation = Math.sqrt(known.reduce((a, b) => a + (b - mean) ** 2, 0) / known.length);
    column.forEach((value, node) => {
      standard[node * width + j] = Number.isNaN(value) ? 0 : (value - mean) / deviation;
    });
  }
  const smooth = standard.slice();
  const { offsets, indices } = graph.adjacency;
  graph.labels.forEach((_, node) => {
    const neighbours = indices.subarray(offsets[node], offsets[node + 1]);
    for (let j = 0; j < width; j++) {
      let sum = standard[node * width + j];
      for (const neighbour of neighbours) sum += standard[neighbour * width + j];
      smooth[node * width + j] = sum / (neighbours.length + 1);
    }
  });
  const accuracy = (classify: (node: number) => number) =>
    split.test.filter((node) => classify(node) === graph.labels[node]).length / split.test.length;
  const alone = accuracy(nearestMean(standard, width));
  const together = accuracy(nearestMean(smooth, width));
  expect(together - alone).toBeGreaterThan(0.08);
  expect(alone).toBeGreaterThan(0.3);
});

test('plantGraph() learns from windows by count: neighbours are the next rows, and the row downstream at the time', () => {
  const { windowMs: _, strideMs: __, ...common } = PLANT_SPEC;
  const spec = { ...common, windowSamples: 10, strideSamples: 10 };
  const counting = createPlant({ seed: 1, spec });
  const { graph: counted } = plantGraph({ plant: counting, seed: 1 });
  expect(counted.featureSpec).toEqual(spec);
  const { nodeCount } = counted.adjacency;
  // A day of 2,880 readings and their windows, but for those whose readings were lost.
  expect(nodeCount).toBeGreaterThan(counting.assets.length * 280);
  expect(nodeCount).toBeLessThanOrEqual(counting.assets.length * 288);
  expect(graphStatistics(counted).isolated).toBe(0);
});

test('plantGraph() keeps its edges by count to the bit', () => {
  const { windowMs: _, strideMs: __, ...common } = PLANT_SPEC;
  const spec = { ...common, windowSamples: 10, strideSamples: 4 };
  const counting = createPlant({ seed: 1, spec });
  const { graph: counted } = plantGraph({ plant: counting, seed: 1, durationMs: 6 * 3_600_000 });
  expect(counted.sha256).toMatch(/^2cb63c7c/);
});

test('plantGraph() has the edges that any history has', async () => {
  const { adjacency, counts } = await historyEdges({
    places: graph.places!,
    spec: plant.spec,
    topology: plantTopology(plant),
    graph: { topology: true, time: 4, similar: 0 },
    features: { count: 0, width: 0, values: new Float32Array() },
    seed: 1,
  });
  expect(adjacency).toEqual(graph.adjacency);
  expect(counts.topology + counts.time).toBe(adjacency.indices.length / 2);
});

test('plantGraph() says where every node lies', () => {
  const plant = createPlant({ seed: 1, lines: 1, machinesPerLine: 2 });
  const { graph } = plantGraph({ plant, seed: 1, durationMs: 3_600_000 });
  const { places, adjacency } = graph;
  expect(places?.assets).toEqual(plant.assets);
  expect(places?.time).toHaveLength(adjacency.nodeCount);
  const { strideMs } = plant.spec as TimeWindowSpec;
  for (let node = 0; node < adjacency.nodeCount; node++) {
    const { offsets, indices } = adjacency;
    for (const other of indices.subarray(offsets[node], offsets[node + 1])) {
      const apart = Math.abs(places!.time[node] - places!.time[other]) / strideMs;
      const isOwn = places!.asset[node] === places!.asset[other];
      expect(isOwn ? apart >= 1 && apart <= 4 : apart === 0).toBe(true);
    }
  }
});
