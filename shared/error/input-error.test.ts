import { expect, expectTypeOf, test } from 'vitest';
import { type ErrorCode, InputError } from './index.ts';

test('InputError carries code, field, value, allowed and cause', () => {
  const cause = new Error('inner');
  const error = new InputError('rows-malformed', 'Rows are odd', {
    field: 'rows[3]',
    value: 7,
    allowed: 'even rows',
    cause,
  });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'InputError',
    message: 'Rows are odd',
    code: 'rows-malformed',
    field: 'rows[3]',
    value: 7,
    allowed: 'even rows',
    cause,
  });
});

test('InputError needs no details', () => {
  const error = new InputError('data-missing', 'Nothing there');
  expect([error.field, error.value, error.allowed, error.cause]).toEqual(Array(4).fill(undefined));
  expect(Object.hasOwn(error, 'cause')).toBe(false);
});

test('InputError repeats no more of a large input than a log line holds', () => {
  const large = 'x'.repeat(100_000);
  const error = new InputError('payload-invalid', large, {
    field: large,
    value: large,
    allowed: large,
  });
  expect(error.message).toHaveLength(500);
  expect(error.field).toHaveLength(200);
  expect(error.value).toHaveLength(200);
  expect(error.allowed).toHaveLength(500);
});

test.each([
  [
    [0, 5],
    [0, 5],
  ],
  [Array(8).fill(1), Array(8).fill(1)],
  [Array(9).fill(1), 'a list of 9'],
  [[[1]], 'a list of 1'],
  [[large(300)], [`${large(199)}…`]],
  [{ a: 1 }, 'an object'],
  [null, null],
  [false, false],
  [12n, '12'],
  [Symbol('s'), 'symbol'],
  [undefined, undefined],
])('InputError shows the value %s as %s', (value, shown) => {
  expect(new InputError('option-invalid', 'm', { value }).value).toEqual(shown);
});

function large(length: number): string {
  return 'x'.repeat(length);
}

test('InputError.code is one of the stable codes', () => {
  expectTypeOf<InputError['code']>().toEqualTypeOf<ErrorCode>();
  expectTypeOf<'edge-unreachable'>().toExtend<ErrorCode>();
  expectTypeOf<'no-such-code'>().not.toExtend<ErrorCode>();
});
