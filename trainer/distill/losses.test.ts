import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import {
  constant,
  type Expression,
  gradients,
  input,
  logSoftmax,
  multiply,
  scalar,
} from '../autodiff/index.ts';
import { evaluate } from '../autodiff/reference.ts';
import { crossEntropy, oneHot } from '../fit/cross-entropy.ts';
import { constantTargets, divergence } from './losses.ts';

const distillationLoss = (teacher: Float32Array, student: Expression, temperature: number) =>
  divergence(constantTargets(teacher, student.shape[1], temperature), student, temperature);

const logits = (...values: number[]) =>
  logSoftmax(constant(Float32Array.from(values), [values.length / 2, 2]));

test('oneHot() puts a 1 at the label of each listed node', () => {
  const labels = Int32Array.of(2, 0, 1, 2);
  expect([...oneHot(labels, Int32Array.of(3, 1), 3)]).toEqual([0, 0, 1, 1, 0, 0]);
});

test('crossEntropy() is the mean of −log p at the target, by hand', () => {
  // softmax(ln 3, 0) = (¾, ¼) and softmax(0, 0) = (½, ½): (−ln ¾ − ln ½) / 2 = 0.4904146.
  const targets = constant(Float32Array.of(1, 0, 0, 1), [2, 2]);
  const [loss] = evaluate(crossEntropy(targets, logits(Math.log(3), 0, 0, 0)), {});
  expect(loss).toBeCloseTo(0.4904146, 6);
});

test('crossEntropy() of soft targets weighs the classes, by hand', () => {
  // −(0.3 ln ¾ + 0.7 ln ¼) = 1.0567104.
  const targets = constant(Float32Array.of(0.3, 0.7), [1, 2]);
  const [loss] = evaluate(crossEntropy(targets, logits(Math.log(3), 0)), {});
  expect(loss).toBeCloseTo(1.0567104, 6);
});

test('distillationLoss() is KL(teacher ‖ student), by hand', () => {
  // Teacher (¾, ¼), student (½, ½): ¾ ln 1.5 + ¼ ln ½ = 0.1308120.
  const teacher = Float32Array.of(Math.log(3), 0);
  const [loss] = evaluate(distillationLoss(teacher, logits(0, 0), 1), {});
  expect(loss).toBeCloseTo(0.130812, 6);
  // The other way round it would be ½ ln ⅔ + ½ ln 2 = 0.1438410.
  const reverse = distillationLoss(Float32Array.of(0, 0), logits(Math.log(3), 0), 1);
  expect(evaluate(reverse, {})[0]).toBeCloseTo(0.143841, 6);
});

test('distillationLoss() is the mean over the rows', () => {
  const teacher = Float32Array.of(Math.log(3), 0, 0, 0);
  const [loss] = evaluate(distillationLoss(teacher, logits(0, 0, 0, 0), 1), {});
  expect(loss).toBeCloseTo(0.130812 / 2, 6);
});

test('distillationLoss() is 0 when the student equals the teacher, up to a shift', () => {
  const random = createRandom(4);
  const teacher = Float32Array.from({ length: 40 }, () => 5 * random.normal());
  for (const temperature of [0.5, 1, 4]) {
    const student = constant(
      teacher.map((value) => value + 3),
      [20, 2],
    );
    const softened = logSoftmax(multiply(scalar(1 / temperature), student));
    const [loss] = evaluate(distillationLoss(teacher, softened, temperature), {});
    expect(Math.abs(loss)).toBeLessThan(1e-5);
  }
});

test('distillationLoss() softens the teacher by T and scales by T²', () => {
  // Teacher logits 2 ln 3 at T = 2 are (¾, ¼) again; 2² times the value for T = 1.
  const teacher = Float32Array.of(2 * Math.log(3), 0);
  const [loss] = evaluate(distillationLoss(teacher, logits(0, 0), 2), {});
  expect(loss).toBeCloseTo(4 * 0.130812, 5);
});

test("distillationLoss() keeps the gradient's size at high T", () => {
  const z = input('z', [1, 2]);
  const gradientAt = (temperature: number) => {
    const student = logSoftmax(multiply(scalar(1 / temperature), z));
    const loss = distillationLoss(Float32Array.of(1, 0), student, temperature);
    return evaluate(gradients(loss, [z])[0], { z: Float64Array.of(0, 0) })[0];
  };
  // (softmax(0) − softmax(1/T)) · T tends to −¼: ½ − 1/(1+e^{−1/T}) ≈ −1/(4T).
  expect(gradientAt(10)).toBeCloseTo(-0.25, 2);
  expect(gradientAt(100)).toBeCloseTo(-0.25, 4);
});

test('distillationLoss() stays finite where the teacher is certain', () => {
  const teacher = Float32Array.of(1e4, -1e4);
  const [loss] = evaluate(distillationLoss(teacher, logits(0, 0), 1), {});
  expect(loss).toBeCloseTo(Math.log(2), 6);
});
