import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  accumulateDense,
  accumulateSparse,
  type Layer,
  startAccumulator,
  writeActivation,
  writeLogits,
} from './index.ts';

/** Sizes a vector kernel could get wrong: 1, odd, around 4, 8, 16 and 32. */
const size = fc.oneof(
  fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33),
  fc.nat({ max: 70 }),
);
const weight = fc.oneof(fc.constantFrom(-127, 127, 0), fc.integer({ min: -127, max: 127 }));
const activation = fc.oneof(fc.constantFrom(0, 127), fc.nat({ max: 127 }));
const bias = fc.oneof(
  fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0),
  fc.integer({ min: -100_000, max: 100_000 }),
);
const scale = fc.float({ min: Math.fround(1e-6), max: 2, noNaN: true });

const layers = fc
  .tuple(
    size.filter((n) => n > 0),
    size.filter((n) => n > 0),
  )
  .chain(([inputs, outputs]) => {
    const exactly = (n: number) => ({ minLength: n, maxLength: n });
    return fc
      .tuple(
        fc.array(weight, exactly(inputs * outputs)),
        fc.array(bias, exactly(outputs)),
        fc.array(scale, exactly(outputs)),
        fc.array(activation, exactly(inputs)),
      )
      .map(([weights, biases, scales, codes]) => ({
        layer: {
          inputs,
          outputs,
          weight: Int8Array.from(weights),
          bias: Int32Array.from(biases),
          scale: Float32Array.from(scales),
        } satisfies Layer,
        codes: Uint8Array.from(codes),
      }));
  });

/** bias_o + Σ_j w_oj q_j as an int32 that wraps. */
function exactAccumulator(layer: Layer, codes: Uint8Array): number[] {
  return Array.from({ length: layer.outputs }, (_, o) => {
    let sum = BigInt(layer.bias[o]);
    codes.forEach((code, j) => {
      sum += BigInt(layer.weight[o * layer.inputs + j]) * BigInt(code);
    });
    return Number(BigInt.asIntN(32, sum));
  });
}

function runDense(layer: Layer, codes: Uint8Array): Int32Array {
  const accumulator = new Int32Array(layer.outputs);
  startAccumulator(layer, accumulator);
  accumulateDense(layer, codes, 0, codes.length, 0, accumulator);
  return accumulator;
}

test('accumulateDense() equals exact integer arithmetic', () => {
  fc.assert(
    fc.property(layers, ({ layer, codes }) => {
      expect([...runDense(layer, codes)]).toEqual(exactAccumulator(layer, codes));
    }),
  );
});

test('accumulateDense() may take its inputs in two pieces at any offsets', () => {
  fc.assert(
    fc.property(layers, fc.nat(), fc.nat({ max: 9 }), ({ layer, codes }, at, shift) => {
      const cut = at % (codes.length + 1);
      const shifted = new Uint8Array(shift + codes.length).fill(99);
      shifted.set(codes, shift);
      const accumulator = new Int32Array(layer.outputs);
      startAccumulator(layer, accumulator);
      accumulateDense(layer, shifted, shift + cut, codes.length - cut, cut, accumulator);
      accumulateDense(layer, shifted, shift, cut, 0, accumulator);
      expect(accumulator).toEqual(runDense(layer, codes));
    }),
  );
});

test('accumulateSparse() equals accumulateDense() for the same row', () => {
  fc.assert(
    fc.property(layers, ({ layer, codes }) => {
      const indices = Int32Array.from([...codes.keys()].filter((j) => codes[j] !== 0));
      const values = Uint8Array.from(indices, (j) => codes[j]);
      const accumulator = new Int32Array(layer.outputs);
      startAccumulator(layer, accumulator);
      accumulateSparse(layer, indices, values, 0, indices.length, accumulator);
      expect(accumulator).toEqual(runDense(layer, codes));
    }),
  );
});

test('accumulateSparse() reads only its own stretch of entries', () => {
  const layer: Layer = {
    inputs: 3,
    outputs: 1,
    weight: Int8Array.of(1, 10, 100),
    bias: Int32Array.of(5),
    scale: Float32Array.of(1),
  };
  const accumulator = Int32Array.of(5);
  const [indices, values] = [Int32Array.of(0, 1, 2, 0), Uint8Array.of(9, 2, 1, 9)];
  accumulateSparse(layer, indices, values, 1, 3, accumulator);
  expect([...accumulator]).toEqual([125]);
});

test('writeActivation() is clamp(⌊acc · scale + ½⌋, 0, 127) of float32 operations', () => {
  fc.assert(
    fc.property(layers, ({ layer, codes }) => {
      const accumulator = runDense(layer, codes);
      const written = new Uint8Array(layer.outputs + 2).fill(255);
      writeActivation(layer, accumulator, written, 1);
      const expected = Array.from(accumulator, (sum, o) => {
        const [product, shifted] = [new Float32Array(1), new Float32Array(1)];
        product[0] = Math.fround(sum) * layer.scale[o];
        shifted[0] = product[0] + 0.5;
        return Math.min(127, Math.max(0, Math.floor(shifted[0])));
      });
      expect([...written]).toEqual([255, ...expected, 255]);
    }),
  );
});

test.each([
  [0, 0],
  [-1, 0],
  [0.4999, 0],
  // 0.49999997 + 0.5 is 1 in float32: part of the definition, as all runtimes do it.
  [0.49999997, 1],
  [0.5, 1],
  [1.5, 2],
  [2.5, 3],
  [126.49999, 126],
  [126.5, 127],
  [127, 127],
  [1e30, 127],
])('writeActivation() maps acc · scale = %d to %d', (value, code) => {
  const sign = value < 0 ? -1 : 1;
  const scale = Float32Array.of(Math.abs(value) || 1);
  const layer = { inputs: 1, outputs: 1, weight: new Int8Array(1), bias: new Int32Array(1), scale };
  const codes = new Uint8Array(1);
  writeActivation(layer, Int32Array.of(value === 0 ? 0 : sign), codes, 0);
  expect(codes[0]).toBe(code);
});

test('writeLogits() multiplies in float32', () => {
  fc.assert(
    fc.property(layers, ({ layer, codes }) => {
      const accumulator = runDense(layer, codes);
      const logits = new Float32Array(layer.outputs);
      writeLogits(layer, accumulator, logits);
      logits.forEach((logit, o) => {
        const exact = accumulator[o] * layer.scale[o];
        expect(Math.abs(logit - exact)).toBeLessThanOrEqual(Math.abs(exact) * 2 ** -22);
      });
    }),
  );
});
