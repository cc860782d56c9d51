import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import type { Adjacency } from '../graph/graph-data.ts';
import { accuracyOf } from '../metrics/accuracy.ts';
import { featureProduct } from '../network/feature-product.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { createGcn } from './gcn.ts';
import { networkLogits, type TrainTeacherOptions, trainTeacher } from './train-teacher.ts';

const { graph, split } = createClusterGraph({ classes: 2, perClass: 60 });
const features = featureProduct(graph.features);
const networkOn = (adjacency: Adjacency) =>
  createGcn({ features, adjacency, classes: 2, hidden: 16, depth: 2, dropout: 0.5 });

function train(seed: number, more: Partial<TrainTeacherOptions> = {}) {
  return trainTeacher({
    network: networkOn(graph.adjacency),
    labels: graph.labels,
    classes: 2,
    split,
    random: createRandom(seed),
    learningRate: 0.02,
    weightDecay: 5e-4,
    maxEpochs: 80,
    patience: 80,
    ...more,
  });
}

test('trainTeacher() learns two clusters, and the graph helps', async () => {
  const { logits } = await train(1);
  expect(accuracyOf(logits, 2, graph.labels, split.test)).toBeGreaterThan(0.95);
  const { nodeCount } = graph.adjacency;
  const empty = { nodeCount, offsets: new Int32Array(nodeCount + 1), indices: new Int32Array(0) };
  const alone = await train(1, { network: networkOn(empty) });
  expect(accuracyOf(alone.logits, 2, graph.labels, split.test)).toBeLessThan(
    accuracyOf(logits, 2, graph.labels, split.test),
  );
});

test('trainTeacher() reports the accuracy on the validation nodes', async () => {
  const { logits, validationAccuracy } = await train(1, { maxEpochs: 2 });
  expect(validationAccuracy).toBe(accuracyOf(logits, 2, graph.labels, split.validation));
  const others = accuracyOf(logits, 2, graph.labels, split.train);
  expect(validationAccuracy, 'the two sets can be told apart').not.toBe(others);
});

test('trainTeacher() gives the same bits for the same seed and others for another', async () => {
  const few = { maxEpochs: 10 };
  const [first, again, other] = [await train(1, few), await train(1, few), await train(2, few)];
  expect(again.logits).toEqual(first.logits);
  expect(again.weights).toEqual(first.weights);
  expect(other.logits).not.toEqual(first.logits);
});

test('trainTeacher() reads the labels of train and validation nodes only', async () => {
  const labels = graph.labels.slice();
  for (const node of [...split.test, ...split.unlabelled]) labels[node] = -1;
  const few = { maxEpochs: 10 };
  expect((await train(1, { ...few, labels })).logits).toEqual((await train(1, few)).logits);
});

test('trainTeacher() stops when aborted', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  let epochs = 0;
  const onEpoch = () => {
    if (++epochs === 3) controller.abort(reason);
  };
  await expect(train(1, { onEpoch, signal: controller.signal })).rejects.toBe(reason);
  expect(epochs).toBe(3);
});

test('networkLogits() are those of training on the same graph, and follow the edges', async () => {
  const { logits, weights } = await train(1, { maxEpochs: 10 });
  expect(await networkLogits(networkOn(graph.adjacency), weights)).toEqual(logits);
  const { nodeCount } = graph.adjacency;
  const empty = { nodeCount, offsets: new Int32Array(nodeCount + 1), indices: new Int32Array(0) };
  expect(await networkLogits(networkOn(empty), weights)).not.toEqual(logits);
});
