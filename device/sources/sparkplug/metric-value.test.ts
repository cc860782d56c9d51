import { expect, test } from 'vitest';
import { DATA_TYPE, FIELD, isNumericType, numericValue } from './metric-value.ts';

type Name = keyof typeof DATA_TYPE;

const raw = (field: keyof typeof FIELD, value: bigint | number) => ({
  field: FIELD[field],
  low: typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : 0,
  high: typeof value === 'bigint' ? Number(BigInt.asUintN(32, value >> 32n)) : 0,
  number: typeof value === 'number' ? value : 0,
});

test.each<[Name, keyof typeof FIELD, bigint | number, number]>([
  ['int8', 'int', 127n, 127],
  ['int8', 'int', 0x80n, -128],
  ['int8', 'int', 0xffn, -1],
  ['int8', 'int', 0xffffffffn, -1],
  ['int8', 'int', -1n, -1],
  ['int8', 'int', -128n, -128],
  ['int8', 'int', -129n, Number.NaN],
  ['int8', 'int', 256n, Number.NaN],
  ['int8', 'int', 0xffffff7fn, Number.NaN],
  ['int8', 'int', 0x1_0000_0001n, Number.NaN],
  ['int16', 'int', 0x8000n, -32_768],
  ['int16', 'int', 0xffff_8000n, -32_768],
  ['int16', 'int', 65_536n, Number.NaN],
  ['int32', 'int', 0x7fff_ffffn, 2_147_483_647],
  ['int32', 'int', 0x8000_0000n, -2_147_483_648],
  ['int32', 'int', -2_147_483_648n, -2_147_483_648],
  ['int32', 'long', -5n, -5],
  ['int32', 'long', 0x1_0000_0000n, Number.NaN],
  ['int64', 'long', -5n, -5],
  ['int64', 'long', -(2n ** 63n), -(2 ** 63)],
  ['int64', 'long', 2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
  ['uint8', 'int', 255n, 255],
  ['uint8', 'int', 256n, Number.NaN],
  ['uint8', 'int', -1n, Number.NaN],
  ['uint16', 'int', 65_535n, 65_535],
  ['uint32', 'int', 0xffff_ffffn, 4_294_967_295],
  ['uint32', 'long', 0xffff_ffffn, 4_294_967_295],
  ['uint32', 'long', 0x1_0000_0000n, Number.NaN],
  ['uint64', 'long', 2n ** 64n - 1n, 2 ** 64],
  ['uint64', 'int', 7n, 7],
  ['dateTime', 'long', 1_767_225_600_000n, 1_767_225_600_000],
  ['float', 'float', 1.5, 1.5],
  ['float', 'double', 1.5, 1.5],
  ['double', 'double', -2.25, -2.25],
  ['double', 'float', 1.5, 1.5],
  ['double', 'double', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['double', 'int', 1n, Number.NaN],
  ['int32', 'double', 1, Number.NaN],
  ['boolean', 'boolean', 1n, 1],
  ['boolean', 'boolean', 0n, 0],
  ['boolean', 'boolean', 2n ** 40n, 1],
  ['boolean', 'int', 1n, Number.NaN],
  ['int8', 'boolean', 1n, Number.NaN],
  ['unknown', 'double', 2.5, 2.5],
  ['unknown', 'boolean', 1n, 1],
  ['unknown', 'int', 1n, Number.NaN],
])('numericValue() of %s in field %s: %s gives %d', (type, field, value, expected) => {
  expect(numericValue(raw(field, value), DATA_TYPE[type])).toBe(expected);
});

test('isNumericType() takes the types that are numbers', () => {
  const numeric = Array.from({ length: 40 }, (_, type) => type).filter(isNumericType);
  expect(numeric).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]);
});
