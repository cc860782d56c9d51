import { expect, test } from 'vitest';
import { evaluateOnce } from '../autodiff/index.ts';
import { evaluate } from '../autodiff/reference.ts';
import { buildAdjacency } from '../graph/build-adjacency.ts';
import { type DropoutMask, evaluationMode, trainingMode } from '../network/dropout.ts';
import { featureProduct } from '../network/feature-product.ts';
import { parameterInputs } from '../network/weights.ts';
import { expectClose } from '../testing/expect-close.ts';
import { checkNetwork } from '../testing/network-check.ts';
import { createGcn } from './gcn.ts';

/** Path 0 – 1 – 2 and node 3 on its own. */
const { adjacency } = buildAdjacency({
  nodeCount: 4,
  sources: Int32Array.of(0, 1),
  targets: Int32Array.of(1, 2),
});

const network = createGcn({
  features: featureProduct({
    kind: 'dense',
    rows: { count: 4, width: 2, values: Float32Array.of(1, 0, 0, 1, 1, 1, 2, 0) },
  }),
  adjacency,
  classes: 2,
  hidden: 2,
  depth: 2,
  dropout: 0.5,
});

const weights = {
  w0: Float32Array.of(1, -1, 2, 0),
  b0: Float32Array.of(0, 1),
  w1: Float32Array.of(1, 0, 0, 2),
  b1: Float32Array.of(0.5, -1),
};

/**
 * By hand. Degrees with self-loop 2, 3, 2, 1, so Â = [½ a 0 0; a ⅓ a 0; 0 a ½ 0; 0 0 0 1]
 * with a = 1/√6 = 0.4082483.
 * X W0 = [1 −1; 2 0; 3 −1; 2 −2].
 * Â X W0 + b0 = [1.3164966 0.5; 2.2996598 0.1835034; 2.3164966 0.5; 2 −1]; ReLU makes the −1 a 0.
 * H W1 = [1.3164966 1; 2.2996598 0.3670068; 2.3164966 1; 2 0].
 * Node 0: ½·1.3164966 + a·2.2996598 + 0.5 = 2.0970805, ½ + a·0.3670068 − 1 = −0.3501701.
 * Node 1: a·3.6329932 + 2.2996598/3 + 0.5 = 2.7497166, 2a + 0.3670068/3 − 1 = −0.0611678.
 * Node 2: ½·2.3164966 + a·2.2996598 + 0.5 = 2.5970805, as node 0 in class 1. Node 3: 2.5, −1.
 */
const BY_HAND = [2.0970805, -0.3501701, 2.7497166, -0.0611678, 2.5970805, -0.3501701, 2.5, -1];

test('createGcn() computes the propagation rule of Kipf & Welling, by hand on four nodes', async () => {
  const logits = network.forward(parameterInputs(network.shapes), evaluationMode);
  expect(network.shapes).toEqual({ w0: [2, 2], b0: [1, 2], w1: [2, 2], b1: [1, 2] });
  const doubles = Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [name, Float64Array.from(values)]),
  );
  expectClose(evaluate(logits, doubles), BY_HAND, 1e-6);
  const results = await evaluateOnce({ logits }, weights);
  expectClose(results.logits, BY_HAND, 1e-6);
});

test('createGcn() has one dropout per layer on the layer input, in training only', () => {
  const masks: DropoutMask[] = [];
  network.forward(parameterInputs(network.shapes), trainingMode(masks));
  expect(masks).toEqual([
    { name: 'dropout.x', size: 8, rate: 0.5 },
    { name: 'dropout.1', size: 8, rate: 0.5 },
  ]);
});

test('createGcn() stacks as many convolutions as depth says', () => {
  const features = featureProduct({
    kind: 'dense',
    rows: { count: 4, width: 7, values: new Float32Array(28) },
  });
  const deep = createGcn({ features, adjacency, classes: 3, hidden: 5, depth: 3, dropout: 0 });
  expect(deep.shapes).toEqual({
    w0: [7, 5],
    b0: [1, 5],
    w1: [5, 5],
    b1: [1, 5],
    w2: [5, 3],
    b2: [1, 3],
  });
  expect(deep.forward(parameterInputs(deep.shapes), evaluationMode).shape).toEqual([4, 3]);
});

test.each([1, 3])('createGcn() of depth %i matches float64 arithmetic', (depth) => {
  const features = featureProduct({
    kind: 'dense',
    rows: { count: 4, width: 2, values: Float32Array.of(1, 0, 0, 1, 1, 1, 2, 0) },
  });
  return checkNetwork(
    createGcn({ features, adjacency, classes: 3, hidden: 4, depth, dropout: 0.3 }),
  );
});
