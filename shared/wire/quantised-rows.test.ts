import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TensorData, writeSafetensors } from '../bundle/index.ts';
import { InputError } from '../error/index.ts';
import { checkRows } from '../kernel/index.ts';
import { createTestRows } from '../testing/index.ts';
import { decodeQuantisedRows, encodeQuantisedRows } from './index.ts';

const inputs = fc.record({ width: fc.integer({ min: 1, max: 40 }), sparse: fc.boolean() });

test('decodeQuantisedRows() reads what encodeQuantisedRows() wrote', () => {
  fc.assert(
    fc.property(inputs, fc.nat({ max: 10 }), fc.integer(), (input, count, seed) => {
      const rows = createTestRows(input, count, seed);
      const decoded = decodeQuantisedRows(encodeQuantisedRows(rows, { device: 'gw-1' }));
      expect(decoded.rows).toEqual(rows);
      expect(decoded.metadata.device).toBe('gw-1');
      expect(() => checkRows(decoded.rows, input)).not.toThrow();
    }),
  );
});

test('encodeQuantisedRows() spends one byte a feature, and five an entry where sparse', () => {
  const dense = createTestRows({ width: 100, sparse: false }, 50);
  expect(encodeQuantisedRows(dense).length).toBeLessThan(50 * 100 + 150);
  const sparse = createTestRows({ width: 1000, sparse: true }, 5);
  expect(encodeQuantisedRows(sparse).length).toBeLessThan(5 * sparse.codes.length + 4 * 6 + 400);
});

test('encodeQuantisedRows() gives the same bytes for the same rows', () => {
  const rows = createTestRows({ width: 7, sparse: true }, 3);
  expect(encodeQuantisedRows(rows)).toEqual(encodeQuantisedRows(structuredClone(rows)));
});

test.each([false, true])(
  'decodeQuantisedRows() refuses a body cut anywhere, sparse: %s',
  (sparse) => {
    const bytes = encodeQuantisedRows(createTestRows({ width: 9, sparse }, 3));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeQuantisedRows(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'bundle-truncated' }),
      );
    }
  },
);

const U8: TensorData = { name: 'codes', dtype: 'U8', shape: [2], data: Uint8Array.of(1, 2) };
const OFFSETS: TensorData = {
  name: 'offsets',
  dtype: 'I32',
  shape: [2],
  data: Int32Array.of(0, 2),
};
const INDICES: TensorData = {
  name: 'indices',
  dtype: 'I32',
  shape: [2],
  data: Int32Array.of(0, 1),
};

test.each<[string, TensorData[], Record<string, string>, string]>([
  ['no tensors', [], {}, 'codes'],
  ['dense codes of one axis', [U8], {}, 'codes'],
  [
    'dense codes of another dtype',
    [{ name: 'codes', dtype: 'I8', shape: [1, 1], data: new Int8Array(1) }],
    {},
    'codes',
  ],
  ['sparse rows without a width', [OFFSETS, INDICES, U8], {}, '__metadata__.width'],
  ['a width of 0', [OFFSETS, INDICES, U8], { width: '0' }, '__metadata__.width'],
  ['a negative width', [OFFSETS, INDICES, U8], { width: '-5' }, '__metadata__.width'],
  ['a fractional width', [OFFSETS, INDICES, U8], { width: '1.5' }, '__metadata__.width'],
  ['a width in words', [OFFSETS, INDICES, U8], { width: 'wide' }, '__metadata__.width'],
  ['sparse rows without indices', [OFFSETS, U8], { width: '5' }, 'indices'],
  ['sparse rows without codes', [OFFSETS, INDICES], { width: '5' }, 'codes'],
  [
    'sparse codes of two axes',
    [OFFSETS, INDICES, { ...U8, shape: [1, 2] }],
    { width: '5' },
    'codes',
  ],
])('decodeQuantisedRows() refuses %s', (_, tensors, metadata, field) => {
  expect(() => decodeQuantisedRows(writeSafetensors(tensors, metadata))).toThrow(
    expect.objectContaining({ name: 'InputError', code: 'rows-malformed', field }),
  );
});

test('decodeQuantisedRows() and checkRows() answer damage with rows that fit or an InputError', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(inputs, damage, (input, changes) => {
      const bytes = encodeQuantisedRows(createTestRows(input, 4));
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      try {
        const { rows } = decodeQuantisedRows(bytes);
        checkRows(rows, input);
        expect(rows.width).toBe(input.width);
        expect(rows.codes.every((code) => code <= 127)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 1000 },
  );
});

test('decodeQuantisedRows() answers garbage with an InputError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(() => decodeQuantisedRows(bytes)).toThrow(InputError);
    }),
  );
});
