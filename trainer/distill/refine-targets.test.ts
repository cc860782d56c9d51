import { expect, test } from 'vitest';
import { buildAdjacency } from '../graph/build-adjacency.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { asLogits, meanProbabilities, refineTargets } from './refine-targets.ts';

/** Path 0 – 1 – 2, and node 3 on its own. Node 0 is labelled 1. */
const { adjacency } = buildAdjacency({
  nodeCount: 4,
  sources: Int32Array.of(0, 1),
  targets: Int32Array.of(1, 2),
});
const path = {
  adjacency,
  probabilities: Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.8, 0.2, 0.7, 0.3),
  classes: 2,
  labels: Int32Array.of(1, 0, 0, 0),
  train: Int32Array.of(0),
  restart: 0.25,
};

test('refineTargets() spreads predictions and labels, by hand', () => {
  // Start: [0 1; .6 .4; .8 .2; .7 .3]. Means with the node itself, first column:
  // (0+.6)/2 = .3, (0+.6+.8)/3 = .466667, (.6+.8)/2 = .7, .7; then ¾ of it and ¼ of the start.
  const once = refineTargets({ ...path, steps: 1 });
  const column = once.filter((_, at) => at % 2 === 0);
  expectClose(column, [0.225, 0.5, 0.725, 0.7]);
  const twice = refineTargets({ ...path, steps: 2 }).filter((_, at) => at % 2 === 0);
  expectClose(twice, [
    0.75 * 0.3625,
    0.75 * ((0.225 + 0.5 + 0.725) / 3) + 0.15,
    0.75 * 0.6125 + 0.2,
    0.7,
  ]);
});

test('refineTargets() keeps rows that sum to 1 and the matrix it was given', () => {
  const before = path.probabilities.slice();
  const refined = refineTargets({ ...path, steps: 5 });
  expect(path.probabilities).toEqual(before);
  for (let i = 0; i < 4; i++) expect(refined[2 * i] + refined[2 * i + 1]).toBeCloseTo(1, 6);
  expect(refineTargets({ ...path, steps: 0 })).toBe(path.probabilities);
});

test('refineTargets() reads no label but those of the training nodes', () => {
  const labels = Int32Array.of(1, -1, -1, -1);
  expect(refineTargets({ ...path, labels, steps: 3 })).toEqual(
    refineTargets({ ...path, steps: 3 }),
  );
});

test('refineTargets() mends a teacher that is wrong where its neighbours are right', () => {
  const { graph, split } = createClusterGraph({ perClass: 100 });
  const right = (node: number) => node % 5 > 1;
  const probabilities = Float32Array.from({ length: graph.labels.length * 3 }, (_, at) => {
    const node = Math.floor(at / 3);
    const answer = (graph.labels[node] + (right(node) ? 0 : 1)) % 3;
    return at % 3 === answer ? 0.8 : 0.1;
  });
  const { adjacency, labels } = graph;
  const { train } = split;
  const refined = refineTargets({
    adjacency,
    probabilities,
    classes: 3,
    labels,
    train,
    steps: 5,
    restart: 0.2,
  });
  const share = (matrix: Float32Array) =>
    split.test.filter((node) => {
      const row = matrix.subarray(3 * node, 3 * node + 3);
      return row.indexOf(Math.max(...row)) === labels[node];
    }).length / split.test.length;
  expect(share(refined)).toBeGreaterThan(share(probabilities) + 0.1);
});

test('meanProbabilities() averages softmax rows; asLogits() is its way back', () => {
  const logits = [Float32Array.of(0, Math.log(3)), Float32Array.of(0, 0)];
  const mean = meanProbabilities(logits, 2);
  expectClose(mean, [0.375, 0.625]);
  expectClose(softmaxRow(asLogits(mean), 1), [0.375, 0.625]);
  expect(asLogits(Float32Array.of(0, 1)).every(Number.isFinite)).toBe(true);
});
