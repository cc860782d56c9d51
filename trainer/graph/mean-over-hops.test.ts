import { expect, test } from 'vitest';
import { buildAdjacency } from './build-adjacency.ts';
import type { NodeFeatures } from './graph-data.ts';
import { meanOverHops } from './mean-over-hops.ts';

/** Edges 0–2, 1–2; node 3 on its own. */
const { adjacency } = buildAdjacency({
  nodeCount: 4,
  sources: Int32Array.of(0, 1),
  targets: Int32Array.of(2, 2),
});

const DENSE: NodeFeatures = {
  kind: 'dense',
  rows: { count: 4, width: 2, values: Float32Array.of(1, 0, 3, 4, 0, 8, 5, 0) },
};
const SPARSE: NodeFeatures = {
  kind: 'sparse',
  rows: {
    count: 4,
    width: 2,
    offsets: Int32Array.of(0, 1, 3, 4, 5),
    indices: Int32Array.of(0, 0, 1, 1, 0),
    values: Float32Array.of(1, 3, 4, 8, 5),
  },
};

function dense({ kind, rows }: NodeFeatures): number[] {
  if (kind === 'dense') return [...rows.values];
  const values = Array<number>(rows.count * rows.width).fill(0);
  for (let i = 0; i < rows.count; i++) {
    for (let e = rows.offsets[i]; e < rows.offsets[i + 1]; e++) {
      values[i * rows.width + rows.indices[e]] = rows.values[e];
    }
  }
  return values;
}

test('meanOverHops() of no hop is the features themselves', () => {
  expect(meanOverHops({ features: SPARSE, adjacency, hops: 0 })).toBe(SPARSE);
});

test.each([DENSE, SPARSE])(
  'meanOverHops() averages $kind rows with their neighbours',
  (features) => {
    // M X: node 0 and 1 read node 2, node 2 their mean, node 3 itself.
    const one = dense(meanOverHops({ features, adjacency, hops: 1 }));
    expect(one).toEqual([0.5, 4, 1.5, 6, 1, 5, 5, 0]);
    // M² X: rows 0 and 1 read M X of node 2, (2, 2); row 2 the mean of theirs, (0, 8).
    const two = dense(meanOverHops({ features, adjacency, hops: 2 }));
    [1, 10 / 3, 5 / 3, 14 / 3, 2 / 3, 6, 5, 0].forEach((value, at) => {
      expect(two[at]).toBeCloseTo(value, 6);
    });
  },
);

test('meanOverHops() leaves sparse rows in ascending order', () => {
  const { rows } = meanOverHops({ features: SPARSE, adjacency, hops: 1 });
  expect([...(rows as typeof SPARSE.rows).indices]).toEqual([0, 1, 0, 1, 0, 1, 0]);
});
