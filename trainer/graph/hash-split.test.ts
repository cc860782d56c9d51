import { expect, test } from 'vitest';
import { hashSplit } from './hash-split.ts';

const of = (...sets: number[][]) => {
  const [train, validation, test, unlabelled, unseen] = sets.map((set) => Int32Array.from(set));
  return { train, validation, test, unlabelled, ...(unseen && { unseen }) };
};

test('hashSplit() tells sets apart wherever a node moves, and needs no unseen ones', () => {
  const splits = [
    of([0, 1], [2], [3], [4]),
    of([0], [1, 2], [3], [4]),
    of([0, 1], [2], [4], [3]),
    of([0, 1], [2], [3], [4], [3, 4]),
    of([0, 1], [2], [3], []),
  ];
  expect(new Set(splits.map(hashSplit)).size).toBe(splits.length);
  expect(hashSplit(of([0, 1], [2], [3], [4], []))).toBe(hashSplit(splits[0]));
});
