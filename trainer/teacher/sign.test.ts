import type { FloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { normaliseAdjacency } from '../graph/normalise.ts';
import { featureProduct } from '../network/feature-product.ts';
import { glorotWeights } from '../network/weights.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { checkNetwork } from '../testing/network-check.ts';
import { propagateFeatures } from './propagate-features.ts';
import { createSign } from './sign.ts';
import { signLogits, trainSignInBatches } from './train-sign-in-batches.ts';
import { networkLogits } from './train-teacher.ts';

const { graph, split } = createClusterGraph({ kind: 'dense', perClass: 30, width: 10 });
const rows = graph.features.rows as FloatRows;
const classes = graph.classes.length;

/** Â X by the definition, entry by entry. */
function propagatedOnce({ count, width, values }: FloatRows): Float32Array {
  const { pattern, scaling } = normaliseAdjacency(graph.adjacency);
  const result = new Float64Array(count * width);
  pattern.rowOf.forEach((i, e) => {
    const j = pattern.columnOf[e];
    for (let c = 0; c < width; c++) {
      result[i * width + c] += scaling[i] * scaling[j] * values[j * width + c];
    }
  });
  return Float32Array.from(result);
}

test('propagateFeatures() multiplies by Â again and again', async () => {
  const { adjacency } = graph;
  const hops = await propagateFeatures({ adjacency, features: rows, hops: 2 });
  expect(hops[0]).toBe(rows);
  expectClose(hops[1].values, propagatedOnce(rows), 1e-5);
  expectClose(hops[2].values, propagatedOnce(hops[1]), 1e-5);
});

test.each([1, 3, 4])('propagateFeatures() gives the same bits %d columns at a time', async (n) => {
  const { adjacency } = graph;
  const all = await propagateFeatures({ adjacency, features: rows, hops: 2 });
  const groupBytes = 4 * n * rows.count;
  expect(await propagateFeatures({ adjacency, features: rows, hops: 2, groupBytes })).toEqual(all);
});

const network = createSign({
  features: featureProduct(graph.features),
  adjacency: graph.adjacency,
  classes,
  hidden: 6,
  depth: 2,
  dropout: 0.4,
});

test('createSign() has gradients that match finite differences', async () => {
  const small = createClusterGraph({ kind: 'dense', perClass: 4, width: 3 }).graph;
  await checkNetwork(
    createSign({
      features: featureProduct(small.features),
      adjacency: small.adjacency,
      classes: 3,
      hidden: 4,
      depth: 2,
      dropout: 0.4,
    }),
  );
});

test('signLogits() of propagated features is the network in one piece, whatever the batch', async () => {
  const weights = glorotWeights(network.shapes, createRandom(3));
  const expected = await networkLogits(network, weights);
  const { adjacency } = graph;
  const hops = await propagateFeatures({ adjacency, features: rows, hops: 2 });
  for (const batch of [7, 30, 1000]) {
    const logits = await signLogits({ hops, hidden: 6, classes, dropout: 0.4, batch }, weights);
    expectClose(logits, expected, 1e-5);
  }
});

test('trainSignInBatches() learns the classes, the same at every run', async () => {
  const { adjacency, labels } = graph;
  const hops = await propagateFeatures({ adjacency, features: rows, hops: 2 });
  const train = () =>
    trainSignInBatches({
      hops,
      labels,
      classes,
      hidden: 16,
      dropout: 0.2,
      split,
      batch: 8,
      random: createRandom(5),
      learningRate: 0.02,
      weightDecay: 5e-4,
      maxEpochs: 150,
      patience: 60,
    });
  const trained = await train();
  expect(trained.validationAccuracy).toBeGreaterThan(0.85);
  expect(trained.logits).toHaveLength(rows.count * classes);
  expect((await train()).logits).toEqual(trained.logits);
});
