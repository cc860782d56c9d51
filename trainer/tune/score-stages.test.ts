import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { fitTemperature } from '../certify/temperature.ts';
import { runningClasses } from '../evaluate/running-output.ts';
import { scoreStages } from './score-stages.ts';

const random = createRandom(7);
const [count, classes] = [60, 4];
const labels = Int32Array.from({ length: count }, () => random.below(classes));
const nodes = Int32Array.from({ length: count }, (_, node) => node).filter((node) => node % 3 > 0);

/** Logits that know the class with some noise. */
const noisy = (strength: number) =>
  Float32Array.from({ length: count * classes }, (_, k) => {
    const right = labels[Math.floor(k / classes)] === k % classes;
    return 2 * random.normal() + (right ? strength : 0);
  });

test('scoreStages() gives the accuracy of the classes that the bundle’s running output has', () => {
  const logits = [noisy(1), noisy(2), noisy(2)];
  const temperatures = logits.map((matrix) =>
    fitTemperature({ logits: matrix, classes, labels, nodes }),
  );
  const predicted = runningClasses(logits, temperatures, classes, nodes);
  const right = predicted.filter((value, i) => value === labels[nodes[i]]).length;
  expect(right).toBeGreaterThan(10);
  expect(right).toBeLessThan(nodes.length);
  expect(scoreStages({ logits, classes, labels, nodes }).accuracy).toBeCloseTo(
    right / nodes.length,
    12,
  );
});

test('scoreStages() gives the likelihood by hand, and reads no other node', () => {
  // Three of four nodes right by one margin: the fitted T makes every likelihood 3/4 or 1/4.
  const logits = Float32Array.of(2, 0, 0, 2, 2, 0, 0, 2, Number.NaN, Number.NaN);
  const four = {
    classes: 2,
    labels: Int32Array.of(0, 1, 0, 0, 1),
    nodes: Int32Array.of(0, 1, 2, 3),
  };
  const score = scoreStages({ logits: [logits], ...four });
  expect(score.accuracy).toBe(0.75);
  expect(score.loss).toBeCloseTo(-(3 * Math.log(0.75) + Math.log(0.25)) / 4, 6);
  // Logits that say nothing: one half each.
  const blank = scoreStages({ logits: [new Float32Array(10)], ...four });
  expect(blank).toEqual({ accuracy: 0.75, loss: expect.closeTo(Math.log(2), 6) });
});

test('scoreStages() stays finite where a likelihood is 0', () => {
  const logits = Float32Array.of(1e4, -1e4, 1e4, -1e4, 1e4, -1e4);
  const score = scoreStages({
    logits: [logits],
    classes: 2,
    labels: Int32Array.of(0, 0, 1),
    nodes: Int32Array.of(0, 1, 2),
  });
  expect(Number.isFinite(score.loss)).toBe(true);
  expect(score.accuracy).toBeCloseTo(2 / 3, 12);
});
