import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { evaluate } from '../autodiff/reference.ts';
import { buildAdjacency } from '../graph/build-adjacency.ts';
import { type DropoutMode, evaluationMode } from '../network/dropout.ts';
import { featureProduct } from '../network/feature-product.ts';
import { parameterInputs } from '../network/weights.ts';
import { expectClose } from '../testing/expect-close.ts';
import { checkNetwork } from '../testing/network-check.ts';
import { createGat, type GatOptions } from './gat.ts';

/** Path 0 – 1 – 2 and node 3 on its own. */
const { adjacency } = buildAdjacency({
  nodeCount: 4,
  sources: Int32Array.of(0, 1),
  targets: Int32Array.of(1, 2),
});

const X = [1, 0, 0, 1, 1, 1, 2, 0];
const OPTIONS: GatOptions = {
  features: featureProduct({
    kind: 'dense',
    rows: { count: 4, width: 2, values: Float32Array.from(X) },
  }),
  adjacency,
  classes: 2,
  hidden: 6,
  depth: 2,
  dropout: 0.6,
  heads: 3,
  outputHeads: 1,
  attentionDropout: 0.4,
};

/**
 * By hand, one layer of one head. W = I, so W h = X; a_target = [0 ln 4], a_source = [ln 2 0].
 * t_i = x_i2 · ln 4: 0, ln 4, ln 4, 0. s_j = x_j1 · ln 2: ln 2, 0, ln 2, 2 ln 2.
 * No score is negative, so LeakyReLU changes none, and e^score = 4^{x_i2} · 2^{x_j1}.
 * Node 0 (itself, 1): 2, 1 → α = ⅔, ⅓ → [⅔ ⅓].
 * Node 1 (0, itself, 2): 8, 4, 8 → 0.4, 0.2, 0.4 → [0.8 0.6].
 * Node 2 (1, itself): 4, 8 → ⅓, ⅔ → [⅔ 1]. Node 3 (itself): [2 0].
 * The second head has W = 2I and a = 0: plain means [1 1], [4/3 4/3], [1 2], [4 0].
 */
const HEAD = [2 / 3, 1 / 3, 0.8, 0.6, 2 / 3, 1, 2, 0];
const PLAIN = [1, 1, 4 / 3, 4 / 3, 1, 2, 4, 0];

const evaluateOn = (options: GatOptions, weights: Record<string, number[]>) => {
  const network = createGat(options);
  const logits = network.forward(parameterInputs(network.shapes), evaluationMode);
  const doubles = Object.entries(weights).map(([name, w]) => [name, Float64Array.from(w)]);
  return evaluate(logits, Object.fromEntries(doubles));
};

test('createGat() attends as in Eq. 3 and 4 of Veličković et al., by hand on four nodes', () => {
  const logits = evaluateOn(
    { ...OPTIONS, depth: 1 },
    {
      w0: [1, 0, 0, 1],
      target0: [0, Math.log(4)],
      source0: [Math.log(2), 0],
      b0: [0.5, -1],
    },
  );
  const expected = HEAD.map((value, i) => value + [0.5, -1][i % 2]);
  expectClose(logits, expected, 1e-6);
});

test('createGat() averages the heads of its output layer', () => {
  const logits = evaluateOn(
    { ...OPTIONS, depth: 1, outputHeads: 2 },
    {
      w0: [1, 0, 2, 0, 0, 1, 0, 2],
      target0: [0, 0, Math.log(4), 0],
      source0: [Math.log(2), 0, 0, 0],
      b0: [0, 0],
    },
  );
  const expected = HEAD.map((value, i) => (value + PLAIN[i]) / 2);
  expectClose(logits, expected, 1e-6);
});

/** The paper's equations word for word: a softmax per node and head, with plain loops. */
function plainGat(weights: Record<string, Float64Array>, { heads, hidden, classes }: GatOptions) {
  const neighbours = [[0, 1], [0, 1, 2], [1, 2], [3]];
  let h = [0, 1, 2, 3].map((i) => X.slice(2 * i, 2 * i + 2));
  for (const layer of [
    { l: 0, heads, units: hidden / heads, last: false },
    { l: 1, heads: 1, units: classes, last: true },
  ]) {
    const { l, units } = layer;
    const total = layer.heads * units;
    const z = h.map((row) =>
      Array.from({ length: total }, (_, c) =>
        row.reduce((sum, x, k) => sum + x * weights[`w${l}`][k * total + c], 0),
      ),
    );
    const half = (side: string, i: number, head: number) =>
      Array.from({ length: units }, (_, u) => u).reduce(
        (sum, u) => sum + weights[`${side}${l}`][u * layer.heads + head] * z[i][head * units + u],
        0,
      );
    h = neighbours.map((reads, i) =>
      Array.from({ length: total }, (_, c) => {
        const head = Math.floor(c / units);
        const scores = reads.map((j) => half('target', i, head) + half('source', j, head));
        const powers = scores.map((x) => Math.exp(x > 0 ? x : 0.2 * x));
        const sum = powers.reduce((a, b) => a + b, 0);
        const y = reads.reduce((value, j, e) => value + (powers[e] / sum) * z[j][c], 0);
        const biased = y + weights[`b${l}`][c];
        if (layer.last || biased > 0) return biased;
        return Math.exp(biased) - 1;
      }),
    );
  }
  return h.flat();
}

test.each([1, 40])('createGat() is what the equations say, at scores times %i', (strength) => {
  const random = createRandom(3);
  const network = createGat(OPTIONS);
  expect(network.shapes).toEqual({
    w0: [2, 6],
    target0: [2, 3],
    source0: [2, 3],
    b0: [1, 6],
    w1: [6, 2],
    target1: [2, 1],
    source1: [2, 1],
    b1: [1, 2],
  });
  const weights = Object.fromEntries(
    Object.entries(network.shapes).map(([name, [rows, columns]]) => {
      const scale = /target|source/.test(name) ? strength : 1;
      return [name, Float64Array.from({ length: rows * columns }, () => scale * random.normal())];
    }),
  );
  const logits = network.forward(parameterInputs(network.shapes), evaluationMode);
  // The slopes 0.2 and 0.8 are float32 constants.
  expectClose(evaluate(logits, weights), plainGat(weights, OPTIONS), 1e-5);
});

test('createGat() drops layer inputs and attention coefficients, each at its rate', () => {
  const dropped: string[] = [];
  const network = createGat(OPTIONS);
  const mode: DropoutMode = {
    apply: (a, name, rate) => {
      dropped.push(`${name} [${a.shape}] ${rate}`);
      return a;
    },
  };
  network.forward(parameterInputs(network.shapes), mode);
  expect(dropped).toEqual([
    'dropout.x [4,2] 0.6',
    'dropout.attention.0 [8,3] 0.4',
    'dropout.1 [4,6] 0.6',
    'dropout.attention.1 [8,1] 0.4',
  ]);
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
])('createGat() of depth %i with %i output heads matches float64 arithmetic', (depth, out) =>
  checkNetwork(createGat({ ...OPTIONS, depth, outputHeads: out })),
);

test('createGat() refuses heads that do not share the hidden units', () => {
  expect(() => createGat({ ...OPTIONS, heads: 4 })).toThrow(
    "Cannot share 6 hidden units among 4 heads: 'heads' must divide 'hidden'",
  );
});
