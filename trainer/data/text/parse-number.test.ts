import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseNumber, parseNumberText } from './parse-number.ts';

const parse = (text: string) => parseNumber(Buffer.from(`,${text},`), 1, text.length + 1);

test('parseNumber() gives the bits of Number() for every way to write a number', () => {
  const written = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((value) => value.toFixed(6)),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential(18)),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
    fc
      .tuple(fc.nat(), fc.nat({ max: 40 }))
      .map(([digits, zeros]) => `0.${'0'.repeat(zeros)}${digits}`),
  );
  fc.assert(fc.property(written, (text) => Object.is(parse(text), Number(text))));
});

test.each(['', ' ', 'nan', 'NaN', ' nan '])('parseNumber() reads %j as missing', (text) => {
  expect(parse(text)).toBeNaN();
  expect(parseNumberText(text)).toBeNaN();
});

test.each([
  ['.5', 0.5],
  ['5.', 5],
  ['+7', 7],
  [' 8\t', 8],
  ['-0', -0],
  ['1E3', 1000],
])('parseNumber() reads %j', (text, value) => {
  expect(parse(text)).toBe(value);
});

test.each([
  '-',
  '.',
  '+',
  '1e',
  '0x10',
  '1_000',
  '1.2.3',
  '--1',
  'inf',
  'Infinity',
  '1 2',
  '"1"',
  '1e9999999999',
])('parseNumber() refuses %j', (text) => {
  expect(parse(text)).toBeUndefined();
});
