import { expect, test } from 'vitest';
import { evaluate } from '../autodiff/reference.ts';
import { buildAdjacency } from '../graph/build-adjacency.ts';
import { type DropoutMode, evaluationMode } from '../network/dropout.ts';
import { featureProduct } from '../network/feature-product.ts';
import { parameterInputs } from '../network/weights.ts';
import { expectClose } from '../testing/expect-close.ts';
import { checkNetwork } from '../testing/network-check.ts';
import { createSage } from './sage.ts';

/** Path 0 – 1 – 2 and node 3 on its own. */
const { adjacency } = buildAdjacency({
  nodeCount: 4,
  sources: Int32Array.of(0, 1),
  targets: Int32Array.of(1, 2),
});

const features = featureProduct({
  kind: 'dense',
  rows: { count: 4, width: 2, values: Float32Array.of(1, 0, 0, 1, 3, 1, 2, 0) },
});

const network = createSage({
  features,
  adjacency,
  classes: 2,
  hidden: 2,
  depth: 2,
  dropout: 0.5,
});

const weights = {
  self0: Float64Array.of(1, 0, 0, 1),
  mean0: Float64Array.of(1, -1, 2, 0),
  b0: Float64Array.of(0, 0.5),
  self1: Float64Array.of(1, 0, 0, -1),
  mean1: Float64Array.of(0, 1, 2, 0),
  b1: Float64Array.of(0.25, 0),
};

/**
 * By hand. Neighbours' means of X: [0 1], [2 ½], [0 1], [0 0].
 * mean · mean0: [2 0], [3 −2], [2 0], [0 0]. X · self0 = X.
 * H = ReLU(sum + b0): [3 0.5], [3 0] (1 − 2 + 0.5 < 0), [5 1.5], [2 0.5].
 * Neighbours' means of H: [3 0], [4 1], [3 0], [0 0]; times mean1: [0 3], [2 4], [0 3], [0 0].
 * H · self1: [3 −0.5], [3 0], [5 −1.5], [2 −0.5]; with b1 = [0.25 0]:
 */
const BY_HAND = [3.25, 2.5, 5.25, 4, 5.25, 1.5, 2.25, -0.5];

test('createSage() adds a node to the mean of its neighbours, by hand on four nodes', () => {
  expect(network.shapes).toEqual({
    self0: [2, 2],
    mean0: [2, 2],
    b0: [1, 2],
    self1: [2, 2],
    mean1: [2, 2],
    b1: [1, 2],
  });
  const logits = network.forward(parameterInputs(network.shapes), evaluationMode);
  expectClose(evaluate(logits, weights), BY_HAND, 1e-12);
});

test('createSage() drops the same entries for a node and for its neighbours', () => {
  const dropped: string[] = [];
  const mode: DropoutMode = {
    apply: (a, name, rate) => {
      dropped.push(`${name} ${rate}`);
      return a;
    },
  };
  network.forward(parameterInputs(network.shapes), mode);
  expect(dropped).toEqual(['dropout.x 0.5', 'dropout.1 0.5']);
});

test.each([1, 3])('createSage() of depth %i matches float64 arithmetic', (depth) =>
  checkNetwork(createSage({ features, adjacency, classes: 3, hidden: 4, depth, dropout: 0.3 })),
);
