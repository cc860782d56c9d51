import fc from 'fast-check';
import { expect, test } from 'vitest';
import { softmax } from './index.ts';

const logitRows = fc
  .array(fc.float({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 60 })
  .map((values) => Float32Array.from(values));
const inverseTemperatures = fc.float({ min: Math.fround(0.01), max: 100, noNaN: true });

test('softmax() sums to 1 and returns its largest entry', () => {
  fc.assert(
    fc.property(logitRows, inverseTemperatures, (logits, inverse) => {
      const probabilities = new Float32Array(logits.length);
      const confidence = softmax(logits, inverse, probabilities);
      expect(Math.abs(probabilities.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-5);
      expect(confidence).toBe(Math.max(...probabilities));
      expect(confidence).toBeLessThanOrEqual(1);
    }),
  );
});

test('softmax() agrees with the textbook formula in float64', () => {
  fc.assert(
    fc.property(logitRows, inverseTemperatures, (logits, inverse) => {
      const probabilities = new Float32Array(logits.length);
      softmax(logits, inverse, probabilities);
      const largest = Math.max(...logits);
      const exact = Array.from(logits, (z) => Math.exp((z - largest) * inverse));
      const sum = exact.reduce((a, b) => a + b);
      exact.forEach((e, c) => {
        // The exponent is rounded to float32, which matters in proportion to its size.
        const exponent = Math.min(88, (largest - logits[c]) * inverse);
        const tolerance = 1e-6 * (1 + exponent) * (e / sum) + 1e-37;
        expect(Math.abs(probabilities[c] - e / sum)).toBeLessThanOrEqual(tolerance);
      });
    }),
  );
});

test('softmax() is uniform over equal logits and certain for one class', () => {
  const uniform = new Float32Array(4);
  expect(softmax(new Float32Array(4).fill(7), 1, uniform)).toBe(0.25);
  expect([...uniform]).toEqual([0.25, 0.25, 0.25, 0.25]);
  const single = new Float32Array(1);
  expect(softmax(Float32Array.of(-3), 2, single)).toBe(1);
});

test('softmax() stays finite where the spread exceeds float32', () => {
  const probabilities = new Float32Array(3);
  const confidence = softmax(Float32Array.of(-3e38, 3e38, 0), 1e4, probabilities);
  expect(confidence).toBe(1);
  expect([...probabilities]).toEqual([0, 1, 0]);
});

test('softmax() flattens as the temperature rises', () => {
  const logits = Float32Array.of(1, 2, 4);
  const confidences = [4, 2, 1, 0.5, 0.1].map((inverse) =>
    softmax(logits, inverse, new Float32Array(3)),
  );
  expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
});
