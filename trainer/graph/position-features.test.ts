import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { buildAdjacency } from './build-adjacency.ts';
import { withoutHiddenEdges } from './hold-out.ts';
import { positionFeatures } from './position-features.ts';

/** Two cliques of five nodes joined by the edge 4–5; node 10 hangs on node 0. */
const EDGES = [0, 5].flatMap((from) =>
  [0, 1, 2, 3, 4].flatMap((a) => [0, 1, 2, 3, 4].slice(a + 1).map((b) => [from + a, from + b])),
);
const { adjacency: whole } = buildAdjacency({
  nodeCount: 11,
  sources: Int32Array.from([...EDGES, [4, 5], [0, 10]], ([a]) => a),
  targets: Int32Array.from([...EDGES, [4, 5], [0, 10]], ([, b]) => b),
});
const visible = Int32Array.from({ length: 10 }, (_, node) => node);
const adjacency = withoutHiddenEdges(whole, visible);

const positions = (seed: number) =>
  positionFeatures({ adjacency, visible, whole, dimensions: 6, random: createRandom(seed) });

function distance(values: Float32Array, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < 6; d++) sum += (values[a * 6 + d] - values[b * 6 + d]) ** 2;
  return Math.sqrt(sum);
}

test('positionFeatures() places nodes of one neighbourhood nearer than those of another', () => {
  const { values } = positions(1);
  const within = [distance(values, 0, 1), distance(values, 8, 9)];
  const between = [distance(values, 0, 8), distance(values, 1, 9)];
  expect(Math.max(...within)).toBeLessThan(Math.min(...between) / 5);
});

test('positionFeatures() gives a held-out node the mean of its visible neighbours', () => {
  const { values } = positions(1);
  expect([...values.subarray(60, 66)]).toEqual([...values.subarray(0, 6)]);
});

test('positionFeatures() does not let edges of held-out nodes move the others', () => {
  const alone = positionFeatures({
    adjacency,
    visible,
    whole: adjacency,
    dimensions: 6,
    random: createRandom(1),
  });
  expect([...alone.values.subarray(0, 60)]).toEqual([...positions(1).values.subarray(0, 60)]);
  // Without neighbours a node stands in the middle.
  expect([...alone.values.subarray(60)]).toEqual([0, 0, 0, 0, 0, 0]);
});

test('positionFeatures() depends on the seed alone and stays within −1..1', () => {
  expect(positions(3)).toEqual(positions(3));
  expect(positions(3).values).not.toEqual(positions(4).values);
  expect(positions(3).values.every((value) => Math.abs(value) <= 1)).toBe(true);
});
