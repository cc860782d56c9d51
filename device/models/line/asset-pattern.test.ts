import { expect, test } from 'vitest';
import { createAssetFilter } from './asset-pattern.ts';

test.each([
  [['*'], ['press-1', ''], []],
  [['press-*'], ['press-1', 'press-'], ['a-press-1', 'Press-1', 'press']],
  [['press-1'], ['press-1'], ['press-10']],
  [
    ['*-oven', 'kiln.?'],
    ['a-oven', 'kiln.?'],
    ['oven', 'kiln.1', 'kilnx?'],
  ],
  [['a*b*c'], ['abc', 'a1b2c'], ['acb', 'abcd']],
])('createAssetFilter(%j) knows its assets', (patterns, ours, others) => {
  const isOurs = createAssetFilter(patterns);
  // Twice: the second answer is remembered.
  for (let i = 0; i < 2; i++) {
    expect(ours.filter((asset) => !isOurs(asset))).toEqual([]);
    expect(others.filter(isOurs)).toEqual([]);
  }
});
