import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { createPairDraw, POSSIBLE_FROM, statesReader } from './pairing.ts';

const logits = (...rows: number[][]) => Float32Array.from(rows.flat().map(Math.log));

test('statesReader() believes a label that may be read, and else the teacher', () => {
  const statesOf = statesReader({
    labels: Int32Array.of(2, 2, 2, 2),
    classes: 3,
    train: Int32Array.of(0),
    teacherLogits: logits([0.98, 0.01, 0.01], [0.98, 0.01, 0.01], [0.5, 0.3, 0.2], [0.2, 0.4, 0.4]),
  });
  expect(statesOf(0)).toEqual([2]);
  expect(statesOf(1)).toEqual([0]);
  expect(statesOf(2)).toEqual([0, 1]);
  expect(statesOf(3)).toEqual([1, 2]);
  expect(POSSIBLE_FROM).toBeGreaterThan(0.2);
});

test('statesReader() takes the likeliest class of a teacher that believes none', () => {
  const statesOf = statesReader({
    labels: new Int32Array(1),
    classes: 5,
    train: new Int32Array(0),
    teacherLogits: logits([0.2, 0.19, 0.22, 0.2, 0.19]),
  });
  expect(statesOf(0)).toEqual([2]);
});

test('statesReader() holds every class possible of a node that nobody speaks for', () => {
  const known = { labels: Int32Array.of(1), classes: 3, train: new Int32Array(0) };
  expect(statesReader({ ...known, teacherLogits: undefined })(0)).toEqual([0, 1, 2]);
});

test('createPairDraw() without rules gives every node one partner and every partner one node', () => {
  const draw = createPairDraw(Int32Array.of(7, 8, 9, 10), undefined, () => []);
  const random = createRandom(1);
  for (let round = 0; round < 5; round++)
    expect(draw(random).toSorted()).toEqual(Int32Array.of(0, 1, 2, 3));
});
