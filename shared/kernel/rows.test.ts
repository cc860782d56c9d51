import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestRows } from '../testing/index.ts';
import { checkRows, type QuantisedRows, type SparseRows, selectRows } from './index.ts';

const DENSE: QuantisedRows = { kind: 'dense', count: 2, width: 3, codes: new Uint8Array(6) };
const SPARSE: SparseRows = {
  kind: 'sparse',
  count: 2,
  width: 5,
  offsets: Int32Array.of(0, 2, 3),
  indices: Int32Array.of(0, 4, 2),
  codes: Uint8Array.of(1, 127, 3),
};

test('checkRows() accepts rows that fit', () => {
  expect(() => checkRows(DENSE, { width: 3, sparse: false })).not.toThrow();
  expect(() => checkRows(SPARSE, { width: 5, sparse: true })).not.toThrow();
  expect(() =>
    checkRows(
      { kind: 'dense', count: 0, width: 3, codes: new Uint8Array(0) },
      { width: 3, sparse: false },
    ),
  ).not.toThrow();
});

test.each<[string, QuantisedRows, string, string]>([
  ['sparse rows for a dense model', SPARSE, 'rows-malformed', 'rows'],
  ['another width', { ...DENSE, width: 4 }, 'rows-wrong-width', 'rows.width'],
  ['too few codes', { ...DENSE, codes: new Uint8Array(5) }, 'rows-malformed', 'codes'],
  ['too many codes', { ...DENSE, codes: new Uint8Array(7) }, 'rows-malformed', 'codes'],
  [
    'a code of 8 bits',
    { ...DENSE, codes: Uint8Array.of(0, 0, 0, 128, 0, 0) },
    'rows-malformed',
    'codes[3]',
  ],
])('checkRows() refuses %s', (_, rows, code, field) => {
  expect(() => checkRows(rows, { width: 3, sparse: false })).toThrow(
    expect.objectContaining({ name: 'InputError', code, field }),
  );
});

test.each<[string, Partial<SparseRows>, string]>([
  ['codes and indices of different length', { codes: Uint8Array.of(1, 2) }, 'codes'],
  ['a code of 8 bits', { codes: Uint8Array.of(1, 200, 3) }, 'codes[1]'],
  ['an explicit zero', { codes: Uint8Array.of(1, 0, 3) }, 'codes[1]'],
  ['too few offsets', { offsets: Int32Array.of(0, 3) }, 'offsets'],
  ['no offsets', { offsets: new Int32Array(0), count: 0 }, 'offsets'],
  ['a first offset above 0', { offsets: Int32Array.of(1, 2, 3) }, 'offsets'],
  ['offsets that end early', { offsets: Int32Array.of(0, 2, 2) }, 'offsets'],
  ['falling offsets', { count: 3, offsets: Int32Array.of(0, 2, 1, 3) }, 'offsets[2]'],
  ['negative offsets', { offsets: Int32Array.of(0, -1, 3) }, 'offsets[1]'],
  ['an offset beyond the entries', { offsets: Int32Array.of(0, 9, 3) }, 'offsets[1]'],
  ['a repeated column', { indices: Int32Array.of(4, 4, 2) }, 'indices[1]'],
  ['falling columns', { indices: Int32Array.of(4, 0, 2) }, 'indices[1]'],
  ['a negative column', { indices: Int32Array.of(-1, 4, 2) }, 'indices[0]'],
  ['a column beyond the width', { indices: Int32Array.of(0, 5, 2) }, 'indices[1]'],
])('checkRows() refuses sparse rows with %s', (_, change, field) => {
  expect(() => checkRows({ ...SPARSE, ...change }, { width: 5, sparse: true })).toThrow(
    expect.objectContaining({ name: 'InputError', code: 'rows-malformed', field }),
  );
});

test('checkRows() refuses dense rows for a sparse model', () => {
  expect(() => checkRows({ ...DENSE, width: 5 }, { width: 5, sparse: true })).toThrow(
    expect.objectContaining({ code: 'rows-malformed', value: 'dense', allowed: 'sparse' }),
  );
});

/** Row `i` as text, whatever the layout. */
function rowText(rows: QuantisedRows, i: number): string {
  if (rows.kind === 'dense') return rows.codes.slice(i * rows.width, (i + 1) * rows.width).join();
  const [begin, end] = [rows.offsets[i], rows.offsets[i + 1]];
  return `${rows.indices.slice(begin, end)} ${rows.codes.slice(begin, end)}`;
}

test.each([false, true])('selectRows() picks rows in the order asked, sparse: %s', (sparse) => {
  const input = { width: 9, sparse };
  const rows = createTestRows(input, 7, 3);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 6 }), { maxLength: 12 }), (positions) => {
      const selected = selectRows(rows, positions);
      expect(() => checkRows(selected, input)).not.toThrow();
      expect(selected.count).toBe(positions.length);
      positions.forEach((position, i) => {
        expect(rowText(selected, i)).toBe(rowText(rows, position));
      });
    }),
  );
});
