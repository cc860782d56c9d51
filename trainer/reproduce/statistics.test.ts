import { expect, test } from 'vitest';
import { areaUnderStaircase, pairedDifference, summarise } from './statistics.ts';

test('summarise() gives mean and sample standard deviation, and nothing of nothing', () => {
  expect(summarise([2, 4, 6])).toEqual({ n: 3, mean: 4, std: 2 });
  expect(summarise([5])).toEqual({ n: 1, mean: 5, std: 0 });
  expect(summarise([])).toBeUndefined();
});

test('pairedDifference() pairs by seed and leaves out seeds that one lacks', () => {
  const a = new Map([
    [1, 80],
    [2, 82],
    [3, 81],
    [4, 99],
  ]);
  const b = new Map([
    [1, 79],
    [2, 80],
    [3, 81],
  ]);
  const difference = pairedDifference(a, b)!;
  expect(difference).toMatchObject({ n: 3, mean: 1, std: 1, wins: 2 });
  // t(2 degrees of freedom) = 4.303, over the square root of 3.
  expect(difference.halfWidth).toBeCloseTo(4.303 / Math.sqrt(3), 6);
  expect(pairedDifference(new Map([[1, 5]]), new Map([[1, 3]]))).toMatchObject({
    mean: 2,
    halfWidth: undefined,
  });
  expect(pairedDifference(new Map([[1, 5]]), new Map([[2, 3]]))).toBeUndefined();
});

test('areaUnderStaircase() is the mean height over the logarithm of x', () => {
  const points = [
    { x: 10, y: 60 },
    { x: 100, y: 80 },
  ];
  expect(areaUnderStaircase(points, { from: 10, to: 1000, floor: 0 })).toBeCloseTo(70, 9);
  expect(areaUnderStaircase(points, { from: 1, to: 1000, floor: 10 })).toBeCloseTo(50, 9);
  expect(areaUnderStaircase(points, { from: 100, to: 1000, floor: 0 })).toBeCloseTo(80, 9);
});

test('areaUnderStaircase() takes the latest point, not the best', () => {
  const points = [
    { x: 10, y: 80 },
    { x: 100, y: 60 },
  ];
  expect(areaUnderStaircase(points, { from: 10, to: 1000, floor: 0 })).toBeCloseTo(70, 9);
});
