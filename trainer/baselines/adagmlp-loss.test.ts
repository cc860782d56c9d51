import { expect, test } from 'vitest';
import { constant, indexInput, input } from '../autodiff/index.ts';
import { evaluate } from '../autodiff/reference.ts';
import { expectClose } from '../testing/expect-close.ts';
import { ADAGMLP, adagmlpLoss, rowDivergences } from './adagmlp-loss.ts';

const matrix = (shape: [number, number], ...values: number[]) =>
  constant(Float32Array.from(values), shape);

test('rowDivergences() is KL(teacher ‖ student) row by row, by hand', () => {
  const teacher = Float32Array.of(Math.log(3), 0, 0, 0);
  const student = matrix([2, 2], 0, 0, 0, Math.log(3));
  // KL(¾,¼ ‖ ½,½) = ¾ ln 1.5 + ¼ ln ½; KL(½,½ ‖ ¼,¾) = ½ ln 2 + ½ ln ⅔.
  const expected = [
    0.75 * Math.log(1.5) + 0.25 * Math.log(0.5),
    0.5 * Math.log(2) + 0.5 * Math.log(2 / 3),
  ];
  expectClose(evaluate(rowDivergences(teacher, student, 1), {}), expected);
  // At temperature 2 the logits ln 9 and ln 3 are halved.
  const halved = rowDivergences(Float32Array.of(Math.log(9), 0), matrix([1, 2], 0, Math.log(9)), 2);
  expectClose(evaluate(halved, {}), [0.5 * Math.log(3)]);
});

test('adagmlpLoss() joins its four terms over the labels dealt out, by hand', () => {
  const none = matrix([2, 2], 0, 0, 0, 0);
  const loss = adagmlpLoss({
    divergences: matrix([3, 1], 1, 2, 4),
    nodeWeights: input('weights', [3, 1]),
    labelled: { inner: [], units: matrix([2, 1], 5, 7), logits: none },
    masked: {
      inner: [],
      units: matrix([2, 1], 5, 4),
      logits: matrix([2, 2], 0, 0, Math.log(3), 0),
    },
    positions: indexInput('positions', 1),
    targets: input('targets', [1, 2]),
  });
  const feeds = {
    weights: Float64Array.of(0.5, 0.25, 0.25),
    positions: Int32Array.of(1),
    targets: Float64Array.of(1, 0),
  };
  // CE ln 2; weighted KL 0.5 + 0.5 + 1; outputs ln ½ against ln ¾ and ln ¼; units 7 against 4.
  const output = (Math.log(0.5 / 0.75) ** 2 + Math.log(0.5 / 0.25) ** 2) / 2;
  const { labelWeight, outputAlignment } = ADAGMLP;
  const expected =
    labelWeight * Math.log(2) +
    (1 - labelWeight) * 2 +
    outputAlignment * output +
    (1 - outputAlignment) * 9;
  expectClose(evaluate(loss, feeds), [expected]);
  const other = evaluate(loss, { ...feeds, positions: Int32Array.of(0) });
  expect(other[0], 'the label at position 0 has nothing to align').toBeLessThan(expected);
});
