import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InputQuantisation, quantiseFloatRows, quantiseSparse } from '../kernel/index.ts';
import { usableKernels } from './block/choose-kernels.ts';
import { createQuantiser } from './quantiser.ts';

const float = fc.oneof(
  { weight: 4, arbitrary: fc.float({ min: -8, max: 8, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[Number.NaN, Infinity, -Infinity, 3.4028234e38, -3.4028234e38, 1e-45, -0, 0.5, -0.5],
    ),
  },
);

const cases = fc
  .record({ width: fc.integer({ min: 1, max: 37 }), count: fc.nat({ max: 9 }) })
  .chain(({ width, count }) =>
    fc.record({
      width: fc.constant(width),
      count: fc.constant(count),
      zeroPoint: fc.integer({ min: 0, max: 127 }),
      offset: fc.float32Array({
        minLength: width,
        maxLength: width,
        noNaN: true,
        noDefaultInfinity: true,
      }),
      multiplier: fc.array(fc.constantFrom(0, 1e-3, 1, 31.75, 127, 2 ** 60), {
        minLength: width,
        maxLength: width,
      }),
      values: fc.array(float, { minLength: width * count, maxLength: width * count }),
    }),
  );

describe.each(usableKernels())('$path', (kernels) => {
  test('createQuantiser() gives the codes of the definition, for any floats', () => {
    fc.assert(
      fc.property(cases, ({ width, count, zeroPoint, offset, multiplier, values }) => {
        const input: InputQuantisation = {
          width,
          sparse: false,
          zeroPoint,
          offset,
          multiplier: Float32Array.from(multiplier),
        };
        const rows = { count, width, values: Float32Array.from(values) };
        expect(createQuantiser(input, kernels)(rows)).toEqual(quantiseFloatRows(rows, input));
      }),
      { numRuns: 500 },
    );
  });

  test('createQuantiser() gives the codes of the definition for sparse rows, zeros left out', () => {
    const entries = fc.array(fc.array(float, { maxLength: 7 }), { maxLength: 9 });
    const scales = fc.constantFrom(0.3, 1, 127);
    fc.assert(
      fc.property(entries, fc.constantFrom(0, 0.25, -3), scales, (all, offset, multiplier) => {
        const input: InputQuantisation = {
          width: 7,
          sparse: true,
          zeroPoint: 0,
          offset: Float32Array.of(offset),
          multiplier: Float32Array.of(multiplier),
        };
        let end = 0;
        const rows = {
          count: all.length,
          width: 7,
          offsets: Int32Array.from([0, ...all.map((row) => (end += row.length))]),
          indices: Int32Array.from(all.flatMap((row) => row.map((_, j) => j))),
          values: Float32Array.from(all.flat()),
        };
        const quantise = createQuantiser(input, kernels);
        expect(quantise(rows)).toEqual(quantiseSparse(rows, input));
        const values = Float32Array.from({ length: 14 }, (_, j) => (j % 3) - 1);
        const dense = { count: 2, width: 7, values };
        expect(quantise(dense)).toEqual(quantiseFloatRows(dense, input));
      }),
      { numRuns: 500 },
    );
  });

  test('createQuantiser() takes many rows piece by piece', () => {
    const [width, count] = [130, 101];
    const input = {
      width,
      sparse: false,
      zeroPoint: 64,
      offset: Float32Array.from({ length: width }, (_, j) => j / 50),
      multiplier: new Float32Array(width).fill(20),
    };
    const values = Float32Array.from({ length: width * count }, (_, e) => Math.sin(e) * 4);
    const quantise = createQuantiser(input, kernels);
    const expected = quantiseFloatRows({ count, width, values }, input);
    expect(quantise({ count, width, values })).toEqual(expected);
    expect(quantise({ count, width, values }), 'and again').toEqual(expected);
    if (kernels.path === 'scalar') return;
    const room = new Uint8Array(count * width);
    expect(quantise({ count, width, values }, room)).toEqual(expected);
    expect(room).toEqual(expected.codes);
  });

  test('createQuantiser() refuses rows of another width', () => {
    const numbers = new Float32Array(4);
    const input = { width: 4, sparse: false, zeroPoint: 0, offset: numbers, multiplier: numbers };
    const quantise = createQuantiser(input, kernels);
    expect(() => quantise({ count: 1, width: 3, values: new Float32Array(3) })).toThrow(
      expect.objectContaining({ code: 'rows-wrong-width' }),
    );
  });
});
