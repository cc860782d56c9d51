import { expect, test } from 'vitest';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { rowNormalise } from '../network/row-normalise.ts';
import { scaleInput } from './scale-input.ts';

const sparse: NodeFeatures = {
  kind: 'sparse',
  rows: {
    count: 2,
    width: 3,
    offsets: Int32Array.of(0, 2, 4),
    indices: Int32Array.of(0, 2, 1, 2),
    values: Float32Array.of(1, 3, -7, 0.5),
  },
};

test('scaleInput() scales the values of sparse rows and nothing else', () => {
  const valuesOf = (input: Parameters<typeof scaleInput>[1]) => {
    const { kind, rows } = scaleInput(sparse, input);
    expect({ kind, rows: { ...rows, values: sparse.rows.values } }).toEqual(sparse);
    return [...rows.values];
  };
  expect(valuesOf('raw')).toEqual([1, 3, -7, 0.5]);
  expect(valuesOf('binary')).toEqual([1, 1, -1, 1]);
  const logarithms = [Math.LN2, Math.log(4), -Math.log(8), Math.log(1.5)];
  expect(valuesOf('log')).toEqual(logarithms.map(Math.fround));
  expect(scaleInput(sparse, 'row')).toEqual(rowNormalise(sparse));
});

test('scaleInput() leaves dense rows alone', () => {
  const dense: NodeFeatures = {
    kind: 'dense',
    rows: { count: 1, width: 2, values: Float32Array.of(-1, 5) },
  };
  expect(scaleInput(dense, 'binary')).toBe(dense);
});
