import { expect, test } from 'vitest';
import { durationText, stateText } from './tune-view.ts';

test('durationText() says two units at most', () => {
  expect([0, 59.2, 61, 3599, 3600, 7384].map(durationText)).toEqual([
    '0 s',
    '1 min 0 s',
    '1 min 1 s',
    '59 min 59 s',
    '1 h 0 min',
    '2 h 3 min',
  ]);
});

test('stateText() says best so far, counts and time left once they are known', () => {
  const state = { trials: 40, done: 3, running: 2, pruned: 26, failed: 1 };
  const nothing = { ...state, best: undefined, secondsLeft: undefined };
  expect(stateText(nothing)).toBe('no result yet   3 done, 2 running, 26 pruned, 1 failed of 40');
  const best = {
    state: 'scored',
    trial: 7,
    stages: 2,
    accuracy: 0.8125,
    loss: 1,
    seconds: 1,
  } as const;
  expect(stateText({ ...state, best, secondsLeft: 74.2 })).toBe(
    'best 81.25 % (trial 7)   3 done, 2 running, 26 pruned, 1 failed of 40   about 1 min 15 s left',
  );
});
