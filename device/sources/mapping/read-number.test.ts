import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDecimal, readNumber, readText } from './read-number.ts';
import { readTime } from './read-time.ts';

const PLAIN = { booleans: false, numericStrings: false };
const ASKED = { booleans: true, numericStrings: true };

test.each([
  ['21.5', 21.5],
  [' 21.5\n', 21.5],
  ['-1e-3', -0.001],
  ['+.5', 0.5],
  ['5.', 5],
  ['', Number.NaN],
  [' ', Number.NaN],
  ['.', Number.NaN],
  ['0x10', Number.NaN],
  ['Infinity', Number.NaN],
  ['NaN', Number.NaN],
  ['1e999', Number.NaN],
  ['1,5', Number.NaN],
  ['1 2', Number.NaN],
  ['1'.repeat(65), Number.NaN],
])('readDecimal(%j) gives %d', (text, expected) => {
  expect(readDecimal(text)).toBe(expected);
});

test('readDecimal() reads what JSON writes', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(readDecimal(JSON.stringify(value))).toBe(value === 0 ? 0 : value);
    }),
  );
});

test.each<[unknown, number, number]>([
  [1.5, 1.5, 1.5],
  [true, Number.NaN, 1],
  [false, Number.NaN, 0],
  ['2.5', Number.NaN, 2.5],
  ['two', Number.NaN, Number.NaN],
  [null, Number.NaN, Number.NaN],
  [[1], Number.NaN, Number.NaN],
  [{}, Number.NaN, Number.NaN],
  [undefined, Number.NaN, Number.NaN],
  [Number.POSITIVE_INFINITY, Number.NaN, Number.NaN],
])('readNumber(%j) gives %d, and %d when asked', (value, plain, asked) => {
  expect(readNumber(value, PLAIN)).toBe(plain);
  expect(readNumber(value, ASKED)).toBe(asked);
});

test('readText() takes true and false only when asked', () => {
  expect(readText('true', PLAIN)).toBeNaN();
  expect(readText(' true ', ASKED)).toBe(1);
  expect(readText('false', ASKED)).toBe(0);
  expect(readText('TRUE', ASKED)).toBeNaN();
});

const T = Date.UTC(2026, 0, 31, 14, 59, 59, 500);

test.each<[unknown, 's' | 'ms' | 'us' | 'iso', number]>([
  [T, 'ms', T],
  [T / 1000, 's', T],
  [T * 1000, 'us', T],
  [T * 1000 + 250, 'us', T + 0.25],
  [1_767_225_600.123, 's', 1_767_225_600_123],
  ['2026-01-31T23:59:59.5+09:00', 'iso', T],
  ['2026-01-31T23:59:59,5+0900', 'iso', T],
  ['2026-01-31 14:59:59.500Z', 'iso', T],
  ['2026-01-31T14:59Z', 'iso', T - 59_500],
  ['2026-01-31T14:59:59.500123456Z', 'iso', T],
  ['2026-01-31T14:59:59', 'iso', Number.NaN],
  ['2026-13-31T14:59:59Z', 'iso', Number.NaN],
  ['31.01.2026', 'iso', Number.NaN],
  [T, 'iso', Number.NaN],
  ['1', 'ms', Number.NaN],
  [-1, 'ms', Number.NaN],
  [8.65e15, 'ms', Number.NaN],
  [T * 1000, 's', Number.NaN],
  [null, 's', Number.NaN],
  [undefined, 'us', Number.NaN],
])('readTime(%j, %s) gives %d', (value, unit, expected) => {
  expect(readTime(value, unit, PLAIN)).toBe(expected);
});

test('readTime() takes numbers as text when asked', () => {
  expect(readTime(String(T), 'ms', ASKED)).toBe(T);
  expect(readTime(true, 'ms', ASKED)).toBeNaN();
});
