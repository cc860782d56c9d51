import type { FloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { evaluateOnce } from '../autodiff/index.ts';
import { accuracyOf } from '../metrics/accuracy.ts';
import { evaluationMode } from '../network/dropout.ts';
import { featureProduct } from '../network/feature-product.ts';
import { glorotWeights, parameterInputs } from '../network/weights.ts';
import { createStudent } from '../student/student.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { createMixupSchedule } from './mixup-schedule.ts';
import { trainStudentInBatches } from './train-student-in-batches.ts';

const { graph, split } = createClusterGraph({ kind: 'dense', perClass: 60, width: 12 });
const rows = graph.features.rows as FloatRows;
const { labels } = graph;
const classes = graph.classes.length;
/** A teacher that knows the labels, not too surely. */
const teacherLogits = Float32Array.from({ length: rows.count * classes }, (_, i) =>
  labels[Math.floor(i / classes)] === i % classes ? 2 : 0,
);
const random = createRandom(9);
const previous = {
  width: 3,
  values: Float32Array.from({ length: rows.count * 3 }, () => random.normal()),
};
const visible = Int32Array.from({ length: rows.count - 20 }, (_, i) => i);
const network = { structure: 'incremental', widths: [6, 5], classes, dropout: 0.2 } as const;

function train(batch: number, taught = true) {
  const student = createStudent({ ...network, features: featureProduct(graph.features), previous });
  return trainStudentInBatches({
    network,
    rows,
    previous,
    batch,
    stage: 2,
    initial: glorotWeights(student.shapes, createRandom(1)),
    labels,
    classes,
    split,
    teacherLogits: taught ? teacherLogits : undefined,
    visible,
    mixup: taught ? createMixupSchedule({ sign: 'printed' }) : undefined,
    hyper: {
      learningRate: 0.02,
      weightDecay: 1e-5,
      alpha: 0.1,
      beta: 1,
      temperature: 2,
      mixupWeight: 0.1,
      maxEpochs: 200,
      patience: 100,
    },
    random: createRandom(2),
  });
}

test('trainStudentInBatches() learns from teacher, labels and mixup, the same at every run', async () => {
  const trained = await train(25);
  expect(accuracyOf(trained.logits, classes, labels, split.test)).toBeGreaterThan(0.7);
  expect((await train(25)).logits).toEqual(trained.logits);
});

test('trainStudentInBatches() learns from labels alone', async () => {
  const { logits } = await train(25, false);
  expect(accuracyOf(logits, classes, labels, split.test)).toBeGreaterThan(0.45);
});

test('trainStudentInBatches() returns what the student computes of all rows in one piece', async () => {
  const trained = await train(16);
  const student = createStudent({ ...network, features: featureProduct(graph.features), previous });
  const { inner, units, logits } = student.forward(parameterInputs(student.shapes), evaluationMode);
  const whole = await evaluateOnce({ inner: inner[0], units, logits }, trained.weights);
  expectClose(trained.units, whole.units, 1e-5);
  expectClose(trained.logits, whole.logits, 1e-5);
  const largest = Array.from({ length: 6 }, (_, c) =>
    Math.max(...[...visible].map((node) => whole.inner[node * 6 + c])),
  );
  expectClose(trained.innerRanges[0], largest, 1e-5);
});
