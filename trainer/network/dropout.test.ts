import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { constant, input } from '../autodiff/index.ts';
import { MASK_OFFSETS } from '../autodiff/mask.ts';
import { evaluate } from '../autodiff/reference.ts';
import { type DropoutMask, drawMasks, evaluationMode, trainingMode } from './dropout.ts';

test('drawMasks() gives every step other offsets, fixed by the seed', () => {
  const masks = [
    { name: 'first', size: 50, rate: 0.5 },
    { name: 'second', size: 50, rate: 0.5 },
  ];
  const random = createRandom(2);
  const draws = Array.from({ length: 100 }, () => drawMasks(masks, random));
  const offsets = draws.flatMap(({ first, second }) => [first[0], second[0]]);
  expect(new Set(offsets).size).toBe(200);
  expect(offsets.every((offset) => offset >= 0 && offset < MASK_OFFSETS)).toBe(true);
  expect(drawMasks(masks, createRandom(2))).toEqual(draws[0]);
});

test('trainingMode() multiplies by a mask that keeps the expectation, and lists it', () => {
  const masks: DropoutMask[] = [];
  const size = 20_000;
  const a = constant(new Float32Array(size).fill(1), [size, 1]);
  const dropped = trainingMode(masks).apply(a, 'm', 0.25);
  expect(masks).toEqual([{ name: 'm', size, rate: 0.25 }]);
  const values = evaluate(dropped, drawMasks(masks, createRandom(1)));
  const share = values.filter((value) => value === 0).length / size;
  const sigma = Math.sqrt((0.25 * 0.75) / size);
  expect(Math.abs(share - 0.25)).toBeLessThan(4 * sigma);
  const mean = values.reduce((x, y) => x + y, 0) / size;
  expect(Math.abs(mean - 1)).toBeLessThan((4 * sigma) / 0.75);
});

test('trainingMode() without a rate and evaluationMode leave the values alone', () => {
  const masks: DropoutMask[] = [];
  const a = input('a', [2, 2]);
  expect(trainingMode(masks).apply(a, 'm', 0)).toBe(a);
  expect(masks).toEqual([]);
  expect(evaluationMode.apply(a, 'm', 0.9)).toBe(a);
});
