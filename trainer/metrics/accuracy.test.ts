import { expect, test } from 'vitest';
import { percent } from '../evaluate/figures.ts';
import { accuracyOf, argmaxRow, crossEntropyOf, shareCorrect } from './accuracy.ts';

/** Classes 1, 0 and 2; the last two tie and the lower index wins. */
const logits = Float32Array.of(0, 3, 1, 5, 5, 1, -2, -2, -1);
const labels = Int32Array.of(1, 1, 2);
const all = Int32Array.of(0, 1, 2);
const none = new Int32Array(0);

test('argmaxRow() gives the first of the largest', () => {
  expect([0, 1, 2].map((i) => argmaxRow(logits, 3, i))).toEqual([1, 0, 2]);
});

test('accuracyOf() is the share of the listed nodes that are right', () => {
  expect(accuracyOf(logits, 3, labels, all)).toBeCloseTo(2 / 3, 12);
  expect(accuracyOf(logits, 3, labels, Int32Array.of(1))).toBe(0);
  expect(accuracyOf(logits, 3, labels, Int32Array.of(2, 0))).toBe(1);
  expect(accuracyOf(logits, 3, labels, none)).toBe(0);
});

test('crossEntropyOf() is the mean −log softmax, by hand and for huge logits', () => {
  const two = Float32Array.of(Math.log(3), 0, 0, 0);
  // (−ln ¼ − ln ½) / 2 = (1.3862944 + 0.6931472) / 2.
  const value = crossEntropyOf(two, 2, Int32Array.of(1, 0), Int32Array.of(0, 1));
  expect(value).toBeCloseTo(1.0397208, 6);
  const huge = Float32Array.of(1e6, -1e6);
  expect(crossEntropyOf(huge, 2, Int32Array.of(0), Int32Array.of(0))).toBe(0);
  expect(crossEntropyOf(huge, 2, Int32Array.of(1), Int32Array.of(0))).toBe(2e6);
  expect(crossEntropyOf(logits, 3, labels, none)).toBe(0);
});

test('shareCorrect() takes predictions in the order of the nodes', () => {
  expect(shareCorrect([2, 1], labels, Int32Array.of(2, 0))).toBe(1);
  expect(shareCorrect([1, 2], labels, Int32Array.of(2, 0))).toBe(0);
  expect(shareCorrect([], labels, none)).toBe(0);
});

test('percent() keeps two decimals', () => {
  expect([0, 1, 0.81234, 2 / 3].map(percent)).toEqual([0, 100, 81.23, 66.67]);
});
