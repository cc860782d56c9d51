import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { buildAdjacency } from '../graph/build-adjacency.ts';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { type StudentInputOptions, studentInput } from './student-input.ts';

/** A path 0–1–2–3. */
const { adjacency } = buildAdjacency({
  nodeCount: 4,
  sources: Int32Array.of(0, 1, 2),
  targets: Int32Array.of(1, 2, 3),
});
const DENSE: NodeFeatures = {
  kind: 'dense',
  rows: { count: 4, width: 1, values: Float32Array.of(2, 4, 6, 8) },
};
/** The same numbers. */
const SPARSE: NodeFeatures = {
  kind: 'sparse',
  rows: {
    count: 4,
    width: 1,
    offsets: Int32Array.of(0, 1, 2, 3, 4),
    indices: Int32Array.of(0, 0, 0, 0),
    values: Float32Array.of(2, 4, 6, 8),
  },
};

const ALL = Int32Array.of(0, 1, 2, 3);
const input = (
  features: NodeFeatures,
  options: StudentInputOptions['options'],
  visible: Int32Array = ALL,
) => studentInput({ features, adjacency, visible, options, random: createRandom(1) });

test('studentInput() is the features themselves where a run adds nothing', () => {
  expect(input(SPARSE, { propagation: 0, positions: 0 })).toBe(SPARSE);
});

test.each([DENSE, SPARSE])(
  'studentInput() lets held-out nodes read the whole graph and hides them from the others ($kind)',
  (features) => {
    const { rows } = input(features, { propagation: 1, positions: 0 }, Int32Array.of(0, 1, 3));
    // 0 and 1 see each other, 3 nobody; held-out 2 reads its neighbours 1 and 3.
    expect([...rows.values]).toEqual([3, 3, 6, 8]);
  },
);

test('studentInput() takes a missing value for the mean of its column, as input codes do', () => {
  const values = Float32Array.of(2, Number.NaN, 6, 8);
  const features: NodeFeatures = { kind: 'dense', rows: { ...DENSE.rows, values } };
  const { rows } = input(features, { propagation: 1, positions: 0 });
  const mean = 16 / 3;
  const expected = [(2 + mean) / 2, (mean + 4) / 2, (6 + (mean + 8) / 2) / 2, 7];
  expected.forEach((value, at) => {
    expect(rows.values[at]).toBeCloseTo(value, 5);
  });
});

test('studentInput() appends positions to dense rows', () => {
  const { kind, rows } = input(DENSE, { propagation: 0, positions: 2 });
  expect([kind, rows.width]).toEqual(['dense', 3]);
  expect([0, 1, 2, 3].map((i) => rows.values[i * 3])).toEqual([2, 4, 6, 8]);
});

test('studentInput() splits positions of sparse rows into positive and negative parts', () => {
  const { rows: dense } = input(DENSE, { propagation: 0, positions: 2 });
  const { kind, rows } = input(SPARSE, { propagation: 0, positions: 2 });
  if (kind !== 'sparse') throw new Error('sparse rows became dense');
  expect(rows.width).toBe(5);
  expect([...rows.offsets]).toEqual([0, 3, 6, 9, 12]);
  for (let i = 0; i < 4; i++) {
    const entries = [...rows.indices.subarray(3 * i, 3 * i + 3)];
    expect(entries).toEqual([...entries].sort((a, b) => a - b));
    entries.slice(1).forEach((column, d) => {
      const negative = column >= 3;
      const coordinate = (column - 1) % 2;
      const value = rows.values[3 * i + 1 + d] * (negative ? -1 : 1);
      // 8 is the largest value of x, so positions reach up to it.
      expect(value).toBeCloseTo(8 * dense.values[i * 3 + 1 + coordinate], 5);
    });
  }
});
