import { toSparse } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { gradients, input, mask as maskOf, total } from '../autodiff/index.ts';
import { evaluate } from '../autodiff/reference.ts';
import { rowOfEntries } from '../graph/row-of-entries.ts';
import { type DropoutMask, evaluationMode, trainingMode } from './dropout.ts';
import { featureProduct } from './feature-product.ts';

const WIDTH = 5;
const weight = input('w', [WIDTH, 3]);
const random = createRandom(3);
const w = Float64Array.from({ length: WIDTH * 3 }, () => random.normal());

/** Four rows, the second without any entry. */
function both(values: readonly number[]) {
  const dense = { count: 4, width: WIDTH, values: Float32Array.from(values) };
  return {
    dense: featureProduct({ kind: 'dense', rows: dense }),
    sparse: featureProduct({ kind: 'sparse', rows: toSparse(dense) }),
  };
}

const CASES = {
  'ones only': [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1],
  counts: [1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0.5, 2, 0, 0, 0, 0, 0, 0, 7],
};

for (const [name, values] of Object.entries(CASES)) {
  test(`featureProduct() of sparse features equals that of dense ones: ${name}`, () => {
    const { dense, sparse } = both(values);
    expect(sparse).toMatchObject({ count: 4, width: WIDTH });
    const [a, b] = [dense, sparse].map((product) => product.multiply(weight, evaluationMode, 0.5));
    expect(b.shape).toEqual([4, 3]);
    expect(evaluate(b, { w })).toEqual(evaluate(a, { w }));
    const [da, db] = [a, b].map((product) => gradients(total(product), [weight])[0]);
    expect(evaluate(db, { w })).toEqual(evaluate(da, { w }));
  });

  test(`featureProduct() drops entries of sparse features by their mask: ${name}`, () => {
    const { dense, sparse } = both(values);
    const masks: DropoutMask[] = [];
    const product = sparse.multiply(weight, trainingMode(masks), 0.5);
    const entries = values.filter((value) => value !== 0).length;
    expect(masks).toEqual([{ name: 'dropout.x', size: entries, rate: 0.5 }]);
    const offset = Int32Array.of(77);
    const mask = evaluate(maskOf('dropout.x', [entries, 1], 0.5), { 'dropout.x': offset });
    expect(new Set(mask)).toEqual(new Set([0, 2]));
    let entry = 0;
    const masked = values.map((value) => (value === 0 ? 0 : value * mask[entry++]));
    const expected = evaluate(both(masked).dense.multiply(weight, evaluationMode, 0), { w });
    expect(evaluate(product, { w, 'dropout.x': offset })).toEqual(expected);
    const denseMasks: DropoutMask[] = [];
    dense.multiply(weight, trainingMode(denseMasks), 0.5);
    expect(denseMasks[0].size).toBe(4 * WIDTH);
  });
}

test('rowOfEntries() numbers the entries by row, empty rows included', () => {
  expect([...rowOfEntries(Int32Array.of(0, 2, 2, 3, 3))]).toEqual([0, 0, 2]);
  expect(rowOfEntries(Int32Array.of(0))).toHaveLength(0);
});
