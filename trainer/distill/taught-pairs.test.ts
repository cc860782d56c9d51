import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { constant, gradients, type Input } from '../autodiff/index.ts';
import { evaluate } from '../autodiff/reference.ts';
import { evaluationMode } from '../network/dropout.ts';
import { denseProduct } from '../network/feature-product.ts';
import { parameterInputs } from '../network/weights.ts';
import { createStudent } from '../student/student.ts';
import { expectClose } from '../testing/expect-close.ts';
import { finiteDifferences } from '../testing/finite-differences.ts';
import { studentLoss } from './losses.ts';
import { lambdaFeeds } from './mixup-inputs.ts';
import { taughtPairs } from './taught-pairs.ts';

const CLASSES = 3;
const COUNT = 5;
const random = createRandom(8);
const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
const x = normal(COUNT * 2);
/** Rows of the outputs that are taught. */
const rows = Int32Array.of(4, 0, 2);
const teacher = normal(rows.length * CLASSES);
const TEMPERATURE = 2;
/** Positions in `rows`. */
const ORDER = Int32Array.of(2, 1, 0);
const LAMBDA = 0.3;

const student = createStudent({
  features: denseProduct(constant(x, [COUNT, 2])),
  previous: undefined,
  structure: 'additive',
  widths: [4],
  classes: CLASSES,
  dropout: 0,
});
const parameters = parameterInputs(student.shapes);
const weights = Object.fromEntries(
  Object.entries(student.shapes).map(([name, [m, n]]) => [name, Float64Array.from(normal(m * n))]),
);
const outputs = student.forward(parameters, evaluationMode);
const pairs = taughtPairs({
  name: 'pairs',
  student,
  outputs,
  rows,
  parameters,
  mode: evaluationMode,
  teacherLogits: teacher,
  classes: CLASSES,
  temperature: TEMPERATURE,
  draw: () => ORDER,
});
const feeds = {
  ...weights,
  'mixup.lambda': Float64Array.from(lambdaFeeds(LAMBDA)['mixup.lambda']),
  ...(pairs.feeds(random) as Record<string, Int32Array>),
};
const { mixupLoss } = studentLoss({
  stage: 1,
  hyper: { alpha: 0, beta: 0, temperature: TEMPERATURE, mixupWeight: 1 },
  labelled: {
    logits: outputs.logits,
    targets: constant(new Float32Array(COUNT * CLASSES), [COUNT, CLASSES]),
  },
  taught: undefined,
  mixed: pairs.mixed,
});

function softmax(z: readonly number[]): number[] {
  const powers = z.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** The loss by hand: soft targets and first layers mixed pair by pair. */
function lossByHand(): number {
  const w = weights;
  const mix = (a: number, b: number) => LAMBDA * a + (1 - LAMBDA) * b;
  let sum = 0;
  rows.forEach((node, i) => {
    const partner = rows[ORDER[i]];
    const h = [0, 1, 2, 3].map((u) =>
      Math.max(
        0,
        [0, 1].reduce(
          (z, j) => z + mix(x[node * 2 + j], x[partner * 2 + j]) * w['hidden0.x'][j * 4 + u],
          w['hidden0.b'][u],
        ),
      ),
    );
    const logits = [0, 1, 2].map((c) =>
      h.reduce((z, value, u) => z + value * w['head.u'][u * 3 + c], w['head.b'][c]),
    );
    const target = (position: number) =>
      softmax([0, 1, 2].map((c) => teacher[position * 3 + c] / TEMPERATURE));
    const [own, other] = [target(i), target(ORDER[i])];
    softmax(logits).forEach((p, c) => {
      sum -= mix(own[c], other[c]) * Math.log(p);
    });
  });
  return sum / rows.length;
}

test('taughtPairs() mixes rows and what the teacher says of them alike', () => {
  expect(evaluate(mixupLoss!, feeds)[0]).toBeCloseTo(lossByHand(), 6);
});

test('taughtPairs() has the gradients of its loss', () => {
  const names: Input[] = Object.values(parameters);
  const exact = gradients(mixupLoss!, names);
  names.forEach((parameter, i) => {
    expectClose(evaluate(exact[i], feeds), finiteDifferences(mixupLoss!, parameter, feeds), 1e-5);
  });
});
