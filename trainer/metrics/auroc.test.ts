import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { auroc } from './auroc.ts';

test('auroc() is 1, 0 and a half for perfect, reversed and blind scores', () => {
  const kinds = [false, false, true, true];
  const isPositive = (i: number) => kinds[i];
  expect(auroc([0.1, 0.2, 0.3, 0.4], isPositive)).toBe(1);
  expect(auroc([0.4, 0.3, 0.2, 0.1], isPositive)).toBe(0);
  expect(auroc([0.5, 0.5, 0.5, 0.5], isPositive)).toBe(0.5);
  expect(auroc([0.1, 0.3, 0.3, 0.4], isPositive)).toBe(0.875);
});

test('auroc() is the share of pairs in the right order', () => {
  const random = createRandom(4);
  const scores = Array.from({ length: 60 }, () => Math.floor(10 * random.next()) / 10);
  const kinds = scores.map((score) => random.next() < score);
  let right = 0;
  let pairs = 0;
  scores.forEach((a, i) => {
    scores.forEach((b, j) => {
      if (!kinds[i] || kinds[j]) return;
      pairs++;
      right += a > b ? 1 : a === b ? 0.5 : 0;
    });
  });
  expect(auroc(scores, (i) => kinds[i])).toBeCloseTo(right / pairs, 12);
});

test('auroc() is undefined where all are of one kind', () => {
  expect(auroc([1, 2], () => true)).toBeUndefined();
  expect(auroc([], () => true)).toBeUndefined();
});
