import {
  accumulateDense,
  type Layer,
  MAX_CODE,
  startAccumulator,
  writeActivation,
  writeLogits,
} from '@dandan/shared/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type InputSegment, quantiseLayer } from './layer.ts';

const weight = fc.float({ min: -4, max: 4, noNaN: true });
const floats = (length: number) => fc.array(weight, { minLength: length, maxLength: length });

/** A segment of one to six columns with its scale and zero point. */
const segmentOf = (outputs: number) =>
  fc.integer({ min: 1, max: 6 }).chain((width) =>
    fc.record({
      width: fc.constant(width),
      weight: floats(width * outputs).map((values) => Float32Array.from(values)),
      scale: fc.double({ min: 1e-3, max: 3, noNaN: true }),
      zeroPoint: fc.constantFrom(0, 64),
    }),
  );

const cases = fc.integer({ min: 1, max: 5 }).chain((outputs) =>
  fc.record({
    segments: fc.array(segmentOf(outputs), { minLength: 1, maxLength: 3 }),
    bias: floats(outputs).map((values) => Float32Array.from(values)),
    seed: fc.array(fc.nat({ max: MAX_CODE }), { minLength: 18, maxLength: 18 }),
  }),
);

/** Accumulator of one row of codes. */
function accumulate(layer: Layer, codes: Uint8Array): Int32Array {
  const accumulator = new Int32Array(layer.outputs);
  startAccumulator(layer, accumulator);
  accumulateDense(layer, codes, 0, layer.inputs, 0, accumulator);
  return accumulator;
}

const each = (segments: readonly InputSegment[]) =>
  segments.flatMap((segment) =>
    Array.from({ length: segment.width }, (_, j) => ({ ...segment, j })),
  );

test('quantiseLayer() keeps every weight within half a step', () => {
  fc.assert(
    fc.property(cases, ({ segments, bias }) => {
      const layer = quantiseLayer({ segments, bias, activationScale: undefined });
      // A reader of bundles refuses any other scale.
      expect(layer.scale.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
      for (let o = 0; o < layer.outputs; o++) {
        const step = layer.scale[o];
        each(segments).forEach(({ weight, scale, j }, column) => {
          const exact = weight[j * layer.outputs + o] * scale;
          const code = layer.weight[o * layer.inputs + column];
          expect(Math.abs(code)).toBeLessThanOrEqual(MAX_CODE);
          // Weights too small for float32 steps count as 0.
          const tolerance = 0.5001 * step + 2 ** -90;
          expect(Math.abs(code * step - exact)).toBeLessThanOrEqual(tolerance);
        });
      }
    }),
  );
});

test('quantiseLayer() gives the float layer within half a step per input', () => {
  fc.assert(
    fc.property(cases, ({ segments, bias, seed }) => {
      const layer = quantiseLayer({ segments, bias, activationScale: undefined });
      const codes = Uint8Array.from(seed.slice(0, layer.inputs));
      const logits = new Float32Array(layer.outputs);
      writeLogits(layer, accumulate(layer, codes), logits);
      for (let o = 0; o < layer.outputs; o++) {
        let exact = bias[o];
        // Half a step of bias, then half a step times each centred code.
        let steps = 0.5;
        each(segments).forEach(({ weight, scale, zeroPoint, j }, column) => {
          const centred = codes[column] - zeroPoint;
          exact += weight[j * layer.outputs + o] * scale * centred;
          steps += 0.5 * Math.abs(centred);
        });
        const tolerance = steps * layer.scale[o] * 1.001 + Math.abs(exact) * 1e-6 + 2 ** -80;
        expect(Math.abs(logits[o] - exact)).toBeLessThanOrEqual(tolerance);
      }
    }),
  );
});

test('quantiseLayer() folds the activation scale into that of a hidden layer', () => {
  const segments = [{ weight: Float32Array.of(0.5, -1), width: 1, scale: 0.1, zeroPoint: 0 }];
  const bias = Float32Array.of(1, 0);
  const layer = quantiseLayer({ segments, bias, activationScale: 0.05 });
  const codes = new Uint8Array(2);
  writeActivation(layer, accumulate(layer, Uint8Array.of(20)), codes, 0);
  // 1 + 0.5 · 20 · 0.1 = 2 is code 2 / 0.05 = 40; −2 is cut off by the ReLU.
  expect([...codes]).toEqual([40, 0]);
});

test('quantiseLayer() folds zero points into the bias', () => {
  const segments = [
    { weight: Float32Array.of(1), width: 1, scale: 1, zeroPoint: 64 },
    { weight: Float32Array.of(-1), width: 1, scale: 1, zeroPoint: 10 },
  ];
  const layer = quantiseLayer({ segments, bias: Float32Array.of(0), activationScale: undefined });
  expect([...layer.weight]).toEqual([127, -127]);
  expect([...layer.bias]).toEqual([-(127 * 64 - 127 * 10)]);
  expect([...accumulate(layer, Uint8Array.of(64, 10))]).toEqual([0]);
});

test('quantiseLayer() of a unit without weights keeps its bias', () => {
  const segments = [
    { weight: Float32Array.of(0, 0, 1, 0, 0, 1), width: 2, scale: 1, zeroPoint: 64 },
  ];
  const bias = Float32Array.of(0, -3, 1);
  const layer = quantiseLayer({ segments, bias, activationScale: undefined });
  expect(layer.scale.every((scale) => scale > 0 && Number.isFinite(scale))).toBe(true);
  const logits = new Float32Array(3);
  writeLogits(layer, accumulate(layer, Uint8Array.of(99, 3)), logits);
  expect(logits[0]).toBe(0);
  expect(logits[1]).toBeCloseTo(-3, 6);
});

test('quantiseLayer() coarsens the step where the bias would leave int32', () => {
  const segments = [{ weight: Float32Array.of(1e-9), width: 1, scale: 1, zeroPoint: 64 }];
  const layer = quantiseLayer({
    segments,
    bias: Float32Array.of(-1000),
    activationScale: undefined,
  });
  expect(layer.bias[0]).toBe(-(2 ** 30));
  const logits = new Float32Array(1);
  writeLogits(layer, accumulate(layer, Uint8Array.of(127)), logits);
  expect(logits[0]).toBeCloseTo(-1000, 3);
});
