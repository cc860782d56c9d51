import { expect, test } from 'vitest';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { scaleInput, type TeacherInput } from './scale-input.ts';

const sparse: NodeFeatures = {
  kind: 'sparse',
  rows: {
    count: 4,
    width: 4,
    offsets: Int32Array.of(0, 2, 2, 4, 6),
    indices: Int32Array.of(0, 3, 0, 1, 1, 2),
    values: Float32Array.of(1, 3, 3, 4, -2, 2),
  },
};

test.each<[TeacherInput, number[]]>([
  ['raw', [1, 3, 3, 4, -2, 2]],
  ['binary', [1, 1, 1, 1, -1, 1]],
  ['row', [1 / 4, 3 / 4, 3 / 7, 4 / 7, -2, 2]],
  ['unit', [1 / Math.sqrt(10), 3 / Math.sqrt(10), 3 / 5, 4 / 5, -Math.SQRT1_2, Math.SQRT1_2]],
])('scaleInput() by %s scales the values of sparse rows and nothing else', (input, expected) => {
  const before = sparse.rows.values.slice();
  const { kind, rows } = scaleInput(sparse, input);
  expect([...rows.values]).toEqual(expected.map(Math.fround));
  expect({ kind, rows: { ...rows, values: before } }).toEqual(sparse);
  expect(sparse.rows.values, 'the input stays as it was').toEqual(before);
});

test('scaleInput() leaves dense rows alone', () => {
  const dense: NodeFeatures = {
    kind: 'dense',
    rows: { count: 1, width: 2, values: Float32Array.of(-1, 5) },
  };
  expect(scaleInput(dense, 'row')).toBe(dense);
});
