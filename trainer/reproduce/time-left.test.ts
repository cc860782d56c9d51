import { expect, test } from 'vitest';
import { DEFAULTS } from '../run/train-options.ts';
import type { Cell, CellMethod, CellRecord } from './cell.ts';
import { createTimeLeft } from './time-left.ts';

const cell = (set: string, method: CellMethod): Cell => ({
  set,
  data: '',
  split: 'random',
  splitSha256: '',
  method,
  options: { ...DEFAULTS, setting: 'tran', widths: [8] },
});

const record = (set: string, method: CellMethod, seconds: number): CellRecord => ({
  ...cell(set, method),
  options: {},
  result: { accuracy: 1, validation: 1, macs: 1, seconds, stages: [], curve: [] },
  codeVersion: '',
  finished: '',
});

const nodesOf = (set: string) => (set === 'large' ? 1000 : 100);

test('createTimeLeft() knows nothing at first', () => {
  expect(createTimeLeft(nodesOf).estimate([cell('small', 'glnn')], 1)).toBeUndefined();
  expect(createTimeLeft(nodesOf).estimate([], 1)).toBe(0);
});

test('createTimeLeft() takes the mean of the method on the set, else scales by nodes', () => {
  const timeLeft = createTimeLeft(nodesOf);
  timeLeft.observe(record('small', 'glnn', 2), 100);
  timeLeft.observe(record('small', 'glnn', 4), 100);
  const left = [cell('small', 'glnn'), cell('small', 'glnn')];
  expect(timeLeft.estimate(left, 1)).toBe(6);
  expect(timeLeft.estimate(left, 2)).toBe(3);
  expect(timeLeft.estimate([cell('large', 'glnn')], 1)).toBeCloseTo(30, 9);
  expect(timeLeft.estimate([cell('small', 'e-glnn')], 1)).toBeCloseTo(3, 9);
});
