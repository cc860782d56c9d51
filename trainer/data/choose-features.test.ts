import { expect, test } from 'vitest';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { chooseFeatures } from './choose-features.ts';
import { refuseFirst } from './issues.ts';

const WIDTH = 4;

function dense(...values: number[]): NodeFeatures {
  const rows = { count: values.length / WIDTH, width: WIDTH, values: Float32Array.from(values) };
  return { kind: 'dense', rows };
}

const choose = (features: NodeFeatures) =>
  chooseFeatures({ features, field: 'x', issues: refuseFirst });

test.each<[string, number[]]>([
  ['whole numbers, half of them zero', [1, 0, 127, 0, 0, 2, 0, 3]],
  ['fractions, a quarter filled', [0.5, 0, 0, 0, 0, 0, 0.25, 0]],
  ['nothing but zeros', [0, 0, 0, 0]],
])('chooseFeatures() makes sparse rows of %s, and keeps them', (_, values) => {
  const sparse = choose(dense(...values));
  expect(sparse.kind).toBe('sparse');
  expect(choose(sparse)).toBe(sparse);
});

test.each<[string, number[]]>([
  ['a negative value', [0, 0, -1, 0]],
  ['a missing value', [0, 0, Number.NaN, 0]],
  ['fractions, half of them zero', [0.5, 0, 0.25, 0]],
  ['whole numbers that 7 bits do not hold', [0, 128, 0, 1]],
  ['whole numbers without many zeros', [1, 2, 3, 0]],
])('chooseFeatures() keeps %s dense', (_, values) => {
  const features = dense(...values);
  expect(choose(features)).toBe(features);
});

test('chooseFeatures() gives sparse rows back as they were, when they are better dense', () => {
  const indices = Int32Array.of(0, 2, 1);
  const offsets = Int32Array.of(0, 2, 3);
  const size = { count: 2, width: WIDTH };
  const rows = { ...size, offsets, indices, values: Float32Array.of(-1, 0.5, 7) };
  expect(choose({ kind: 'sparse', rows })).toEqual(dense(-1, 0, 0.5, 0, 0, 7, 0, 0));
});

test('chooseFeatures() refuses negative values in rows too large to be dense', () => {
  const [count, width] = [1000, 1_000_000];
  const offsets = new Int32Array(count + 1).fill(1, 1);
  const rows = { count, width, offsets, indices: Int32Array.of(9), values: Float32Array.of(-1) };
  expect(() => choose({ kind: 'sparse', rows })).toThrow('too large to be held dense');
});
