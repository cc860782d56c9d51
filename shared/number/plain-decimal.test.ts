import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecimal } from './plain-decimal.ts';

const encoder = new TextEncoder();

const read = (text: string) => {
  const bytes = encoder.encode(`,${text},7`);
  return plainDecimal(bytes, 1, bytes.byteLength - 2);
};

test('a plain decimal is read to the bit as Number() reads it', () => {
  const decimal = fc.stringMatching(/^-?[0-9]{0,12}\.?[0-9]{1,9}$/);
  fc.assert(
    fc.property(
      fc.oneof(decimal, fc.float({ noNaN: true, noDefaultInfinity: true }).map(String)),
      (text) => {
        const value = read(text);
        // What is not plain is left to the caller.
        if (!Number.isNaN(value)) expect(Object.is(value, Number(text)), text).toBe(true);
        else expect(text.replace(/[-.]|^0+/g, '').length > 14 || text.includes('e')).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  '',
  '-',
  '.',
  '1.2.3',
  '1e5',
  '0x10',
  ' 1',
  '1 ',
  '+1',
  'NaN',
  'Infinity',
  '--1',
  '1-',
  '9007199254740993',
  '"1"',
])('%j is not plain', (text) => {
  expect(read(text)).toBeNaN();
});
