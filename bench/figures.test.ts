import { expect, test } from 'vitest';
import { median, notMeasured, summarise } from './figures.ts';

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 10, 2], 3],
])('median() of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('summarise() gives medians, and ratios as peer divided by ours', () => {
  const figures = summarise({
    name: 'a',
    unit: 's',
    ours: [2, 1, 4],
    peers: { pyg: [7, 5], absent: [] },
  });
  expect(figures).toMatchObject({ ours: 2, peers: { pyg: 6 }, ratios: { pyg: 3 } });
  expect(figures.samples).toEqual({ ours: [2, 1, 4], pyg: [7, 5] });
  expect(Object.keys(figures.peers)).toEqual(['pyg']);
});

test('notMeasured() has no figure but says why', () => {
  expect(notMeasured({ name: 'a', unit: 's' }, 'no data')).toMatchObject({
    ours: null,
    peers: {},
    ratios: {},
    notes: ['no data'],
  });
  expect(notMeasured({ name: 'a', unit: 's' }, 'broke', true).failed).toBe(true);
});
