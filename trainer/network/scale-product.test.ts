import { expect, test } from 'vitest';
import { input } from '../autodiff/index.ts';
import { evaluate } from '../autodiff/reference.ts';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { expectClose } from '../testing/expect-close.ts';
import { evaluationMode } from './dropout.ts';
import { featureProduct } from './feature-product.ts';
import { rowSumScale, scaleProduct } from './scale-product.ts';

/** Rows [1 3 0], [0 0 2] and [0 0 0]. */
const sparse: NodeFeatures = {
  kind: 'sparse',
  rows: {
    count: 3,
    width: 3,
    offsets: Int32Array.of(0, 2, 3, 3),
    indices: Int32Array.of(0, 1, 2),
    values: Float32Array.of(1, 3, 2),
  },
};

test('scaleProduct() multiplies the product, and no more', () => {
  const w = input('w', [3, 1]);
  const feeds = { w: Float64Array.of(1, 10, 100) };
  const features = featureProduct(sparse);
  const product = scaleProduct(features, 0.5).multiply(w, evaluationMode, 0);
  expectClose(evaluate(product, feeds), [15.5, 100, 0]);
  expect(scaleProduct(features, 1)).toBe(features);
});

test('rowSumScale() brings the mean row sum of the nodes to 20', () => {
  expect(rowSumScale(sparse, Int32Array.of(0, 1))).toBeCloseTo(20 / 3, 12);
  expect(rowSumScale(sparse, Int32Array.of(1))).toBeCloseTo(10, 12);
  expect(rowSumScale(sparse, Int32Array.of(2)), 'empty rows').toBe(1);
  const dense: NodeFeatures = {
    kind: 'dense',
    rows: { count: 1, width: 2, values: Float32Array.of(3, 4) },
  };
  expect(rowSumScale(dense, Int32Array.of(0))).toBe(1);
});
