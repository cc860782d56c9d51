import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import { InputError } from '../error/index.ts';
import { type InputQuantisation, quantiseDense, quantiseSparse, toSparse } from './index.ts';

function denseInput(offset: number, multiplier: number, zeroPoint: number): InputQuantisation {
  return {
    width: 1,
    sparse: false,
    zeroPoint,
    offset: Float32Array.of(offset),
    multiplier: Float32Array.of(multiplier),
  };
}

function codeOf(x: number, input: InputQuantisation): number {
  return quantiseDense({ count: 1, width: 1, values: Float32Array.of(x) }, input).codes[0];
}

test.each([
  ['the mean', 5, 64],
  ['one unit above', 6, 80],
  ['one unit below', 4, 48],
  ['half a code above, rounded up', 5 + 0.5 / 16, 65],
  ['half a code below, rounded up', 5 - 0.5 / 16, 64],
  ['just under half a code', 5 + 0.49 / 16, 64],
  ['far above', 1e9, 127],
  ['far below', -1e9, 0],
  ['infinity', Number.POSITIVE_INFINITY, 127],
  ['minus infinity', Number.NEGATIVE_INFINITY, 0],
  ['a missing value', Number.NaN, 64],
])('quantiseDense() gives %s its code', (_, x, code) => {
  expect(codeOf(x, denseInput(5, 16, 64))).toBe(code);
});

const value = fc.float({ min: -1000, max: 1000, noNaN: true });

test('quantiseDense() is clamp(⌊(x − offset) · multiplier + ½⌋ + zeroPoint, 0, 127) by column', () => {
  const shape = fc.tuple(fc.nat({ max: 6 }), fc.integer({ min: 1, max: 9 }));
  const property = fc.property(
    shape.chain(([count, width]) =>
      fc.tuple(
        fc.constant([count, width]),
        fc.array(value, { minLength: count * width, maxLength: count * width }),
        fc.array(value, { minLength: width, maxLength: width }),
        fc.array(fc.float({ min: Math.fround(0.01), max: 100, noNaN: true }), {
          minLength: width,
          maxLength: width,
        }),
      ),
    ),
    fc.nat({ max: 127 }),
    ([[count, width], values, offsets, multipliers], zeroPoint) => {
      const rows = quantiseDense(
        { count, width, values: Float32Array.from(values) },
        {
          width,
          sparse: false,
          zeroPoint,
          offset: Float32Array.from(offsets),
          multiplier: Float32Array.from(multipliers),
        },
      );
      expect(rows).toMatchObject({ kind: 'dense', count, width });
      rows.codes.forEach((code, e) => {
        const exact = (values[e] - offsets[e % width]) * multipliers[e % width] + zeroPoint;
        const clamped = Math.min(127, Math.max(0, exact));
        // Half a code of rounding and the float32 error of a product below 2e5.
        expect(Math.abs(code - clamped)).toBeLessThanOrEqual(0.5 + 0.04);
      });
    },
  );
  fc.assert(property);
});

test('quantiseDense() is monotone and survives any float32', () => {
  const anyFloat = fc.float({ noNaN: true });
  fc.assert(
    fc.property(anyFloat, anyFloat, fc.nat({ max: 127 }), (a, b, zeroPoint) => {
      const input = denseInput(0.3, 7, zeroPoint);
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(codeOf(low, input)).toBeLessThanOrEqual(codeOf(high, input));
      expect(codeOf(high, input)).toBeLessThanOrEqual(127);
    }),
  );
});

const SPARSE: InputQuantisation = {
  width: 5,
  sparse: true,
  zeroPoint: 0,
  offset: Float32Array.of(0),
  multiplier: Float32Array.of(10),
};

test('quantiseSparse() keeps the entries whose code is not 0', () => {
  const rows = quantiseSparse(
    {
      count: 3,
      width: 5,
      offsets: Int32Array.of(0, 3, 3, 6),
      indices: Int32Array.of(0, 2, 4, 1, 2, 3),
      values: Float32Array.of(1, 0.01, 20, -3, Number.NaN, 0.25),
    },
    SPARSE,
  );
  expect(rows).toEqual({
    kind: 'sparse',
    count: 3,
    width: 5,
    offsets: Int32Array.of(0, 2, 2, 3),
    indices: Int32Array.of(0, 4, 3),
    codes: Uint8Array.of(10, 127, 3),
  });
});

test('toSparse() and quantiseSparse() hold what quantiseDense() holds', () => {
  const cell = fc.oneof(fc.constant(0), fc.float({ min: -1, max: 20, noNaN: true }));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 20, maxLength: 20 }), (cells) => {
      const floats = { count: 4, width: 5, values: Float32Array.from(cells) };
      const sparse = quantiseSparse(toSparse(floats), SPARSE);
      const wide = { offset: new Float32Array(5), multiplier: new Float32Array(5).fill(10) };
      const dense = quantiseDense(floats, { ...SPARSE, ...wide });
      const unpacked = new Uint8Array(20);
      for (let i = 0; i < 4; i++) {
        for (let e = sparse.offsets[i]; e < sparse.offsets[i + 1]; e++) {
          unpacked[i * 5 + sparse.indices[e]] = sparse.codes[e];
        }
      }
      expect(unpacked).toEqual(dense.codes);
      expect(sparse.codes).not.toContain(0);
    }),
  );
});

test.each([
  [
    'quantiseDense',
    () => quantiseDense({ count: 1, width: 2, values: new Float32Array(2) }, denseInput(0, 1, 0)),
  ],
  [
    'quantiseSparse',
    () => quantiseSparse(toSparse({ count: 1, width: 2, values: new Float32Array(2) }), SPARSE),
  ],
])('%s() refuses rows of another width', (_, run) => {
  expect(run).toThrow(InputError);
  expect(run).toThrow(expect.objectContaining({ code: 'rows-wrong-width', value: 2 }));
});

test('quantised rows are told apart by their kind', () => {
  expectTypeOf(quantiseDense).returns.toHaveProperty('kind').toEqualTypeOf<'dense'>();
  expectTypeOf(quantiseSparse).returns.toHaveProperty('kind').toEqualTypeOf<'sparse'>();
});
