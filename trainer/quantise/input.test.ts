import type { InputQuantisation } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { expectClose } from '../testing/expect-close.ts';
import { dequantiseRows, fitInputQuantisation, inputScale, quantiseFeatures } from './input.ts';

const dense = (width: number, ...values: number[]): NodeFeatures => ({
  kind: 'dense',
  rows: { count: values.length / width, width, values: Float32Array.from(values) },
});

/** Two rows of four columns: entries 0 and 2, then 1 and 3. */
const sparse = (...values: number[]): NodeFeatures => ({
  kind: 'sparse',
  rows: {
    count: 2,
    width: 4,
    offsets: Int32Array.of(0, 2, 4),
    indices: Int32Array.of(0, 2, 1, 3),
    values: Float32Array.from(values),
  },
});

const all = (features: NodeFeatures) =>
  Int32Array.from({ length: features.rows.count }, (_, node) => node);

/** The values the codes stand for, in the units of the data. */
function restored(features: NodeFeatures, input: InputQuantisation): Float32Array {
  const { values, width } = dequantiseRows(quantiseFeatures(features, input), input).rows;
  return values.map((value, at) => {
    const j = input.sparse ? 0 : at % width;
    return value / (inputScale(input) * input.multiplier[j]) + input.offset[j];
  });
}

test('fitInputQuantisation() keeps dense values within half a code, up to four deviations', () => {
  const random = createRandom(5);
  const width = 3;
  const values = Float32Array.from({ length: 300 * width }, (_, at) => {
    const z = Math.max(-3.9, Math.min(3.9, random.normal()));
    return [0, 1000, -2][at % width] + [1, 50, 0.01][at % width] * z;
  });
  const features = dense(width, ...values);
  const input = fitInputQuantisation(features, all(features));
  expect(input).toMatchObject({ width, sparse: false, zeroPoint: 64 });
  restored(features, input).forEach((value, at) => {
    const halfCode = 0.5 / input.multiplier[at % width];
    expect(Math.abs(value - values[at])).toBeLessThanOrEqual(1.02 * halfCode);
  });
});

test('fitInputQuantisation() standardises to mean 0 and deviation 1', () => {
  const features = dense(1, 1, 2, 3, 4, 5, 6, 7, 8);
  const input = fitInputQuantisation(features, all(features));
  // Mean 4.5, population deviation √5.25; 16 codes a deviation.
  expect(input.offset[0]).toBe(4.5);
  expect(input.multiplier[0]).toBeCloseTo(16 / Math.sqrt(5.25), 5);
  const { values } = dequantiseRows(quantiseFeatures(features, input), input).rows;
  const expected = [1, 2, 3, 4, 5, 6, 7, 8].map((value) => (value - 4.5) / Math.sqrt(5.25));
  expectClose(values, expected, 1 / 32);
});

test('fitInputQuantisation() robust codes the median and 16 codes a deviation of the middle half', () => {
  const features = dense(2, 16, 1, 1, 2, 4, Number.NaN, 8, 4, 2, 1e9);
  const input = fitInputQuantisation(features, all(features), 'robust');
  // Of the second column 1, 2, 4 and 1e9: the median is 3, missing reads as it.
  expect([...input.offset]).toEqual([4, 3]);
  expect(input.multiplier[0]).toBeCloseTo((16 * 1.3489795) / 6, 5);
  expect([...quantiseFeatures(features, input).codes][5]).toBe(64);
});

test('fitInputQuantisation() leaves missing values out and codes them as the mean', () => {
  const features = dense(2, 1, Number.NaN, Number.NaN, 7, 3, 9);
  const input = fitInputQuantisation(features, all(features));
  expect([...input.offset]).toEqual([2, 8]);
  expect([...input.multiplier]).toEqual([16, 16]);
  const { codes } = quantiseFeatures(features, input);
  expect([...codes]).toEqual([48, 64, 64, 48, 80, 80]);
});

test('fitInputQuantisation() of constant and all-missing columns stays finite', () => {
  const features = dense(2, 0.1, Number.NaN, 0.1, Number.NaN, 0.1, Number.NaN);
  const input = fitInputQuantisation(features, all(features));
  expect([...input.offset]).toEqual([Math.fround(0.1), 0]);
  expect([...input.multiplier]).toEqual([16, 16]);
  expect([...quantiseFeatures(features, input).codes]).toEqual([64, 64, 64, 64, 64, 64]);
});

test('fitInputQuantisation() takes a spread that no bundle could hold for a constant', () => {
  const features = dense(1, 1e-25, 2e-25, 3e-25);
  expect([...fitInputQuantisation(features, all(features)).multiplier]).toEqual([16]);
});

test.each([
  ['counts', [1, 127, 3, 40], 1],
  ['small counts', [1, 5, 3, 2], 25],
  ['a bag of words', [1, 1, 1, 1], 127],
])('fitInputQuantisation() keeps %s exactly, in codes as large as fit', (_, values, multiplier) => {
  const features = sparse(...values);
  const input = fitInputQuantisation(features, all(features));
  expect([...input.multiplier]).toEqual([multiplier]);
  const rows = quantiseFeatures(features, input);
  expect([...rows.codes]).toEqual(values.map((value) => value * multiplier));
  expect(dequantiseRows(rows, input)).toEqual(features);
});

test.each([
  ['fractions', [0.25, 0.5, 0.1, 1], 127],
  ['whole numbers above 127', [1, 254, 3, 40], 0.5],
])('fitInputQuantisation() gives sparse %s one scale', (_, values, multiplier) => {
  const features = sparse(...values);
  const input = fitInputQuantisation(features, all(features));
  expect([...input.multiplier]).toEqual([multiplier]);
  const rows = quantiseFeatures(features, input);
  const { values: back } = dequantiseRows(rows, input).rows;
  back.forEach((value, e) => {
    expect(Math.abs(value - values[e])).toBeLessThanOrEqual(0.5001 / multiplier);
  });
});

test('fitInputQuantisation() of empty sparse rows has scale 1', () => {
  const features = sparse(0, 0, 0, 0);
  expect([...fitInputQuantisation(features, all(features)).multiplier]).toEqual([1]);
});

test('fitInputQuantisation() does not look at nodes that are held out', () => {
  const seen = Int32Array.of(0);
  const tables: [NodeFeatures, NodeFeatures][] = [
    [dense(2, 1, 2, 3, 4), dense(2, 1, 2, -500, Number.NaN)],
    [sparse(1, 2, 3, 4), sparse(1, 2, 0.5, 900)],
  ];
  for (const [a, b] of tables) {
    expect(fitInputQuantisation(b, seen)).toEqual(fitInputQuantisation(a, seen));
    expect(fitInputQuantisation(b, all(b))).not.toEqual(fitInputQuantisation(a, all(a)));
  }
});
