import { expect, test } from 'vitest';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { rowNormalise } from './row-normalise.ts';

test('rowNormalise() divides sparse rows by their sum and leaves empty rows empty', () => {
  const features: NodeFeatures = {
    kind: 'sparse',
    rows: {
      count: 3,
      width: 4,
      offsets: Int32Array.of(0, 2, 2, 5),
      indices: Int32Array.of(0, 3, 0, 1, 2),
      values: Float32Array.of(1, 3, 2, 2, 4),
    },
  };
  const { kind, rows } = rowNormalise(features);
  expect([...rows.values]).toEqual([0.25, 0.75, 0.25, 0.25, 0.5]);
  expect({ kind, rows: { ...rows, values: features.rows.values } }).toEqual(features);
  expect([...features.rows.values], 'the input stays as it was').toEqual([1, 3, 2, 2, 4]);
});

test('rowNormalise() leaves dense rows alone', () => {
  const features: NodeFeatures = {
    kind: 'dense',
    rows: { count: 1, width: 2, values: Float32Array.of(-1, 5) },
  };
  expect(rowNormalise(features)).toBe(features);
});
