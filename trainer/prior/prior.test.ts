// Calibration, estimate and shift on samples whose class shares and posteriors are known.
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { accuracyOf, crossEntropyOf } from '../metrics/accuracy.ts';
import { adaptPrior } from './adapt-prior.ts';
import { calibrate } from './calibrate.ts';
import { estimatePrior } from './estimate-prior.ts';

const CLASSES = 3;
/** Distance of a class mean from the origin: about 80 % are told apart. */
const SIGNAL = 1.4;

/** Labels drawn by `shares`; x normal around the class's unit vector; logits log p(x | class). */
function sample(count: number, shares: readonly number[], seed: number) {
  const random = createRandom(seed);
  const labels = new Int32Array(count);
  const logits = new Float32Array(count * CLASSES);
  for (let i = 0; i < count; i++) {
    let rest = random.next();
    while (labels[i] < CLASSES - 1 && rest >= shares[labels[i]]) rest -= shares[labels[i]++];
    for (let c = 0; c < CLASSES; c++) {
      const x = random.normal() + (c === labels[i] ? SIGNAL : 0);
      logits[i * CLASSES + c] = SIGNAL * x;
    }
  }
  return { logits, labels };
}

const EVEN = [1 / 3, 1 / 3, 1 / 3];
const SKEWED = [0.8, 0.15, 0.05];
const numbers = (from: number, to: number) =>
  Int32Array.from({ length: to - from }, (_, i) => from + i);

const distort = (logits: Float32Array, factor: number, bias: readonly number[]) =>
  logits.map((z, i) => factor * (z + bias[i % CLASSES]));

test('calibrate() finds the temperature and the biases of distorted logits', () => {
  const { logits, labels } = sample(20_000, EVEN, 1);
  const bias = [1, -0.5, -0.5];
  const found = calibrate({
    logits: distort(logits, 3, bias),
    classes: CLASSES,
    labels,
    nodes: numbers(0, 20_000),
  });
  expect(found.slope).toBeCloseTo(1 / 3, 1);
  // The penalty leaves a little of the biases.
  found.bias.forEach((b, c) => {
    expect(Math.abs(b + bias[c])).toBeLessThan(0.1);
  });
});

test('calibrate() without nodes changes nothing, and all answers right give finite numbers', () => {
  const none = calibrate({
    logits: new Float32Array(6),
    classes: CLASSES,
    labels: new Int32Array(2),
    nodes: new Int32Array(0),
  });
  expect(none).toEqual({ slope: 1, bias: new Float64Array(CLASSES) });
  const right = calibrate({
    logits: Float32Array.of(50, 0, 0, 0, 50, 0, 0, 0, 50),
    classes: CLASSES,
    labels: Int32Array.of(0, 1, 2),
    nodes: numbers(0, 3),
  });
  expect(Number.isFinite(right.slope)).toBe(true);
  expect(right.slope).toBeGreaterThan(0);
});

test('estimatePrior() finds skewed shares from posteriors that assume even ones', () => {
  const { logits } = sample(20_000, SKEWED, 2);
  const probabilities = logits.slice();
  for (let i = 0; i < probabilities.length; i += CLASSES) {
    const row = probabilities.subarray(i, i + CLASSES);
    const powers = row.map(Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    row.set(powers.map((power) => power / sum));
  }
  const prior = estimatePrior({ probabilities, source: Float64Array.from(EVEN) });
  prior.forEach((share, c) => {
    expect(Math.abs(share - SKEWED[c])).toBeLessThan(0.01);
  });
  expect(prior.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
});

test('estimatePrior() keeps a class that no node looks like', () => {
  const probabilities = Float32Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const prior = estimatePrior({ probabilities, source: Float64Array.from(EVEN) });
  expect(prior[1]).toBeGreaterThan(0);
  expect(prior[0]).toBeGreaterThan(0.97);
});

test('adaptPrior() answers skewed nodes better, and weighted validation says so beforehand', () => {
  const labelled = sample(600, EVEN, 3);
  const nodes = sample(20_000, SKEWED, 4);
  const logits = distort(Float32Array.of(...labelled.logits, ...nodes.logits), 2, [0.4, 0, -0.4]);
  const labels = Int32Array.of(...labelled.labels, ...nodes.labels);
  const validation = numbers(0, 600);
  const test = numbers(600, 20_600);
  const { adapt, prior, classWeights } = adaptPrior({
    logits,
    classes: CLASSES,
    labels,
    validation,
    nodes: test,
  });
  prior.forEach((share, c) => {
    expect(Math.abs(share - SKEWED[c])).toBeLessThan(0.04);
  });
  const adapted = adapt(logits);
  const before = accuracyOf(logits, CLASSES, labels, test);
  const after = accuracyOf(adapted, CLASSES, labels, test);
  expect(after - before).toBeGreaterThan(0.05);
  expect(crossEntropyOf(adapted, CLASSES, labels, test)).toBeLessThan(
    crossEntropyOf(logits, CLASSES, labels, test) - 0.1,
  );
  const weighted = accuracyOf(adapted, CLASSES, labels, validation, classWeights);
  expect(Math.abs(weighted - after)).toBeLessThan(0.05);
  expect(accuracyOf(adapted, CLASSES, labels, validation)).toBeLessThan(weighted - 0.05);
});

test('adaptPrior() leaves answers alone where the labelled nodes are like all', () => {
  const { logits, labels } = sample(20_000, SKEWED, 5);
  const nodes = numbers(0, 20_000);
  // Answers that already assume the skewed shares.
  const fitting = logits.map((z, i) => z + Math.log(SKEWED[i % CLASSES]));
  const { adapt, classWeights } = adaptPrior({
    logits: fitting,
    classes: CLASSES,
    labels,
    validation: numbers(0, 2000),
    nodes,
  });
  for (const weight of classWeights) expect(Math.abs(weight - 1)).toBeLessThan(0.25);
  const difference =
    accuracyOf(adapt(fitting), CLASSES, labels, nodes) -
    accuracyOf(fitting, CLASSES, labels, nodes);
  expect(Math.abs(difference)).toBeLessThan(0.005);
});
