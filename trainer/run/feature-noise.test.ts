import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { withFeatureNoise } from './feature-noise.ts';

const noisy = (features: NodeFeatures, amount: number, seed = 1) =>
  withFeatureNoise({
    features,
    amount,
    visible: Int32Array.from({ length: features.rows.count }, (_, i) => i),
    random: createRandom(seed),
  });

function momentsOf(values: ArrayLike<number>) {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b) / list.length;
  return {
    mean,
    deviation: Math.sqrt(list.reduce((s, v) => s + (v - mean) ** 2, 0) / list.length),
  };
}

test('withFeatureNoise() of 0 changes nothing', () => {
  const { features } = createClusterGraph().graph;
  expect(noisy(features, 0)).toBe(features);
});

test('withFeatureNoise() adds standard normal noise to words, by its formula', () => {
  const { features } = createClusterGraph({ perClass: 200 }).graph;
  const full = noisy(features, 1);
  const half = noisy(features, 0.5);
  const { mean, deviation } = momentsOf(full.rows.values);
  expect(mean).toBeCloseTo(0, 1);
  expect(deviation).toBeCloseTo(1, 1);
  if (features.kind !== 'sparse') throw new Error('the words are sparse');
  const { width, offsets, indices } = features.rows;
  expect(half.kind).toBe('dense');
  for (let i = 0; i < 5; i++) {
    const words = new Set(indices.subarray(offsets[i], offsets[i + 1]));
    for (let j = 0; j < width; j++) {
      // The same seed draws the same N for both amounts.
      const expected = 0.5 * (words.has(j) ? 1 : 0) + 0.5 * full.rows.values[i * width + j];
      expect(half.rows.values[i * width + j]).toBeCloseTo(expected, 6);
    }
  }
});

test('withFeatureNoise() gives dense columns noise in their own units, and keeps gaps', () => {
  const random = createRandom(3);
  const values = Float32Array.from({ length: 4000 }, (_, at) =>
    at % 2 === 0 ? 500 + 20 * random.normal() : 0.01 * random.normal(),
  );
  values[1] = Number.NaN;
  const rows = { count: 2000, width: 2, values };
  const full = noisy({ kind: 'dense', rows }, 1).rows.values;
  const first = momentsOf(full.filter((_, at) => at % 2 === 0));
  expect(first.mean / 500).toBeCloseTo(1, 1);
  expect(first.deviation / 20).toBeCloseTo(1, 1);
  expect(full[1]).toBeNaN();
  expect(values[0], 'the features given stay as they are').not.toBe(full[0]);
});

test('withFeatureNoise() refuses what would not fit in memory, before it allocates', () => {
  const rows = {
    count: 1_000_000,
    width: 10_000,
    offsets: new Int32Array(1_000_001),
    indices: new Int32Array(0),
    values: new Float32Array(0),
  };
  expect(() => noisy({ kind: 'sparse', rows }, 0.1)).toThrow(/37\.3 GiB/);
});

test('withFeatureNoise() is fixed by its random stream', () => {
  const { features } = createClusterGraph({ kind: 'dense' }).graph;
  expect(noisy(features, 0.3)).toEqual(noisy(features, 0.3));
  expect(noisy(features, 0.3, 2)).not.toEqual(noisy(features, 0.3));
});
