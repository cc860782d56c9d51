import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { input } from '../autodiff/index.ts';
import { evaluate } from '../autodiff/reference.ts';
import { type DropoutMask, drawMasks, evaluationMode, trainingMode } from './dropout.ts';

const SIZE = 20_000;

test.each([0.1, 0.5, 0.9])('drawMasks() drops a share of %d and keeps the expectation', (rate) => {
  const { mask } = drawMasks([{ name: 'mask', size: SIZE, rate }], createRandom(1));
  const kept = Math.fround(1 / (1 - rate));
  expect(new Set(mask)).toEqual(new Set([0, kept]));
  const dropped = mask.filter((value) => value === 0).length / SIZE;
  const sigma = Math.sqrt((rate * (1 - rate)) / SIZE);
  expect(Math.abs(dropped - rate)).toBeLessThan(4 * sigma);
  const mean = mask.reduce((a, b) => a + b, 0) / SIZE;
  expect(Math.abs(mean - 1)).toBeLessThan(4 * sigma * kept);
});

test('drawMasks() gives every step another mask, fixed by the seed', () => {
  const masks = [{ name: 'mask', size: 50, rate: 0.5 }];
  const random = createRandom(2);
  const [first, second] = [drawMasks(masks, random), drawMasks(masks, random)];
  expect(first.mask).not.toEqual(second.mask);
  expect(drawMasks(masks, createRandom(2)).mask).toEqual(first.mask);
});

test('trainingMode() multiplies by a fed mask and lists it', () => {
  const masks: DropoutMask[] = [];
  const a = input('a', [2, 2]);
  const dropped = trainingMode(masks).apply(a, 'm', 0.25);
  expect(masks).toEqual([{ name: 'm', size: 4, rate: 0.25 }]);
  const values = evaluate(dropped, {
    a: Float64Array.of(1, 2, 3, 4),
    m: Float64Array.of(0, 2, 0, 2),
  });
  expect([...values]).toEqual([0, 4, 0, 8]);
});

test('trainingMode() without a rate and evaluationMode leave the values alone', () => {
  const masks: DropoutMask[] = [];
  const a = input('a', [2, 2]);
  expect(trainingMode(masks).apply(a, 'm', 0)).toBe(a);
  expect(masks).toEqual([]);
  expect(evaluationMode.apply(a, 'm', 0.9)).toBe(a);
});
