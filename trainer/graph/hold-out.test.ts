import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { holdOut } from './hold-out.ts';

const split = {
  train: Int32Array.of(0, 1),
  validation: Int32Array.of(2),
  test: Int32Array.of(3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  unlabelled: Int32Array.of(13, 14),
};

test('holdOut() hides a fifth of the test nodes and all calibration nodes', () => {
  const held = holdOut(split, 15, createRandom(1));
  expect(held.split.test).toHaveLength(2);
  const hidden = [...held.split.test, 13, 14];
  expect([...held.visible]).toEqual(
    Array.from({ length: 15 }, (_, node) => node).filter((node) => !hidden.includes(node)),
  );
});

test('holdOut() takes a split that names its unseen nodes at its word', () => {
  const unseen = Int32Array.of(9, 10, 11, 12);
  const held = holdOut({ ...split, unseen }, 15, createRandom(1));
  expect(held.split.test).toEqual(split.test);
  expect([...held.visible]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 14]);
});
