import { softmax } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { fitTemperature } from './temperature.ts';

const CLASSES = 4;
const COUNT = 6000;

/** Logits T·z of labels drawn from softmax(z): T is their temperature. */
function sample(temperature: number) {
  const random = createRandom(23);
  const logits = new Float32Array(COUNT * CLASSES);
  const labels = new Int32Array(COUNT);
  const z = new Float32Array(CLASSES);
  const probabilities = new Float32Array(CLASSES);
  for (let i = 0; i < COUNT; i++) {
    for (let c = 0; c < CLASSES; c++) {
      z[c] = 2 * random.normal();
      logits[i * CLASSES + c] = temperature * z[c];
    }
    softmax(z, 1, probabilities);
    let rest = random.next();
    let label = 0;
    while (label < CLASSES - 1 && rest >= probabilities[label]) rest -= probabilities[label++];
    labels[i] = label;
  }
  return { logits, labels, classes: CLASSES };
}

const nodes = Int32Array.from({ length: COUNT }, (_, i) => i);

test.each([0.3, 1, 4])('fitTemperature() recovers T = %d', (temperature) => {
  const fitted = fitTemperature({ ...sample(temperature), nodes });
  expect(Math.abs(fitted / temperature - 1)).toBeLessThan(0.05);
});

test('fitTemperature() reads the listed nodes only', () => {
  const { logits, labels, classes } = sample(2);
  const half = nodes.filter((node) => node % 2 === 0);
  const fitted = fitTemperature({ logits, labels, classes, nodes: half });
  const others = labels.map((label, node) => (node % 2 === 0 ? label : -1));
  expect(fitTemperature({ logits, labels: others, classes, nodes: half })).toBe(fitted);
  expect(fitTemperature({ logits, labels, classes, nodes })).not.toBe(fitted);
});

test('fitTemperature() stays within e^±3 for certain, for hopeless and for no evidence', () => {
  const logits = Float32Array.of(1, 0, 1, 0);
  const two = { logits, classes: 2, nodes: Int32Array.of(0, 1) };
  const certain = fitTemperature({ ...two, labels: Int32Array.of(0, 0) });
  expect(certain).toBeCloseTo(Math.exp(-3), 3);
  const hopeless = fitTemperature({ ...two, labels: Int32Array.of(1, 1) });
  expect(hopeless).toBeCloseTo(Math.exp(3), 3);
  expect(fitTemperature({ ...two, labels: Int32Array.of(0, 0), nodes: new Int32Array(0) })).toBe(1);
});
