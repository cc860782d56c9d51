import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cell, isMissing, readName, readNumber } from './cell.ts';

test('a number comes back from its text, whatever the decimal sign', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(number, (value) => {
      // The text of −0 is 0.
      expect(readNumber(String(value))).toBe(value + 0);
      expect(readNumber(String(value).replace('.', ','), true)).toBe(value + 0);
    }),
  );
});

test.each<[Cell, number | undefined]>([
  ['', Number.NaN],
  [' NaN ', Number.NaN],
  ['n/a', Number.NaN],
  ['-', Number.NaN],
  ['Bad Input', Number.NaN],
  ['inf', Number.NaN],
  [null, Number.NaN],
  [Number.POSITIVE_INFINITY, Number.NaN],
  ['TRUE', 1],
  [false, 0],
  [7n, 7],
  ['+.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['0x10', undefined],
  ['1 000', undefined],
  ['1,5', undefined],
  ['9e999', undefined],
  ['hot', undefined],
  [new Date(0), undefined],
])('the cell %s is %s', (cell, expected) => {
  expect(readNumber(cell)).toBe(expected);
  expect(isMissing(cell)).toBe(Number.isNaN(expected) && cell !== Number.POSITIVE_INFINITY);
});

test('a point beside decimal commas is not guessed at', () => {
  expect(readNumber('1.500', true)).toBeUndefined();
  expect(readNumber('1.500,25', true)).toBeUndefined();
});

test.each<[Cell, string]>([
  [' press-1 ', 'press-1'],
  ['1.0', '1'],
  [3, '3'],
  ['-1.00', '-1'],
  ['1.5', '1.5'],
  [null, ''],
  [Number.NaN, ''],
  ['none', 'none'],
])('the cell %s names %s', (cell, name) => {
  expect(readName(cell)).toBe(name);
});
