import { expect, test } from 'vitest';
import { matchesEtag, parseByteRange } from './byte-range.ts';

const whole = { kind: 'whole' };
const part = (offset: number, length: number) => ({ kind: 'part', offset, length });

test.each([
  [undefined, whole],
  ['bytes=0-0', part(0, 1)],
  ['bytes=2-5', part(2, 4)],
  ['bytes=2-', part(2, 8)],
  ['bytes=2-99', part(2, 8)],
  ['bytes=-3', part(7, 3)],
  ['bytes=-99', part(0, 10)],
  ['bytes=10-', { kind: 'unsatisfiable' }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=5-2', whole],
  ['bytes=-', whole],
  ['bytes=0-1,3-4', whole],
  ['rows=0-1', whole],
  ['bytes=9999999999999999999-', whole],
])('parseByteRange() reads %s of 10 bytes', (header, expected) => {
  expect(parseByteRange(header, 10)).toEqual(expected);
});

test.each([
  [undefined, false],
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['*', true],
  ['"b"', false],
  ['a', false],
])('matchesEtag() reads %s', (header, expected) => {
  expect(matchesEtag(header, '"a"')).toBe(expected);
});
