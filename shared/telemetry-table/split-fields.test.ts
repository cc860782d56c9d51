import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitFields } from './split-fields.ts';

test('splitFields() undoes RFC 4180 quoting', () => {
  const field = fc.string().filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(field, fc.boolean()), { minLength: 1 }), (fields) => {
      const line = fields.map(([text, quoted]) =>
        quoted || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
      );
      expect(splitFields(line.join(','))).toEqual(fields.map(([text]) => text));
    }),
  );
});

test.each(['"a', '"a"b,c', 'x,"'])('splitFields() refuses %s', (line) => {
  expect(splitFields(line)).toBeUndefined();
});
