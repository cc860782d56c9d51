import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evaluation } from './evaluation.ts';
import { planRungs, promote, rankScores, stagesAt } from './successive-halving.ts';

const scored = (trial: number, accuracy: number, loss = 1): Evaluation => ({
  state: 'scored',
  trial,
  stages: 1,
  accuracy,
  loss,
  seconds: 1,
});
const failed = (trial: number): Evaluation => ({
  state: 'failed',
  trial,
  stages: 1,
  code: 'training-diverged',
  message: 'loss NaN',
  seconds: 1,
});

test('planRungs() keeps one in eta, at least one, and all without pruning', () => {
  expect(planRungs(40, 3).map(({ keep }) => keep)).toEqual([14, 5, 40]);
  expect(planRungs(2, 10).map(({ keep }) => keep)).toEqual([1, 1, 2]);
  expect(planRungs(40, 1)).toEqual([{ number: 0, keep: 40 }]);
});

test('stagesAt() grows from one student to all of them', () => {
  const rungs = planRungs(40, 3);
  const at = (stages: number) => rungs.map(({ number }) => stagesAt(rungs, number, stages, 3));
  expect(at(6)).toEqual([1, 2, 6]);
  expect(at(4)).toEqual([1, 2, 4]);
  expect(at(2)).toEqual([1, 1, 2]);
  expect(stagesAt(planRungs(40, 1), 0, 4, 1)).toBe(4);
});

test('promote() ranks by accuracy, then loss, then number, and leaves failures out', () => {
  const rung = [
    scored(0, 0.7),
    scored(1, 0.8, 0.9),
    failed(2),
    scored(3, 0.8, 0.5),
    scored(4, 0.8, 0.9),
  ];
  expect(rankScores(rung).map(({ trial }) => trial)).toEqual([3, 1, 4, 0]);
  expect(promote(rung, 2)).toEqual([1, 3]);
  expect(promote(rung, 5)).toEqual([0, 1, 3, 4]);
  expect(promote([failed(0), failed(1)], 1)).toEqual([]);
});

test('promote() keeps the trials that are never pruned, unless they failed', () => {
  const rung = [scored(0, 0.1), scored(1, 0.8), scored(2, 0.9)];
  expect(promote(rung, 1, [0])).toEqual([0, 2]);
  expect(promote([failed(0), scored(1, 0.8)], 1, [0])).toEqual([1]);
});

test('promote() does not depend on the order in which results came', () => {
  const results = fc.array(
    fc.record({ accuracy: fc.integer({ min: 0, max: 3 }), fails: fc.boolean() }),
  );
  fc.assert(
    fc.property(results, fc.integer({ min: 1, max: 9 }), fc.integer(), (rows, keep, seed) => {
      const rung = rows.map(({ accuracy, fails }, trial) =>
        fails ? failed(trial) : scored(trial, accuracy / 3),
      );
      const shuffled = createRandom(seed).shuffle([...rung]);
      expect(promote(shuffled, keep)).toEqual(promote(rung, keep));
    }),
  );
});
