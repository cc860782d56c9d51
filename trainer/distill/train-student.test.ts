import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import type { EpochReport } from '../fit/fit.ts';
import { crossEntropyOf } from '../metrics/accuracy.ts';
import { featureProduct } from '../network/feature-product.ts';
import { glorotWeights } from '../network/weights.ts';
import { createStudent } from '../student/student.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { createMixupSchedule, type MixupSchedule } from './mixup-schedule.ts';
import {
  type StudentHyperParameters,
  type TrainStudentOptions,
  trainStudent,
} from './train-student.ts';

const CLASSES = 3;
const { graph, split } = createClusterGraph();
const nodeCount = graph.labels.length;
const visible = Int32Array.from({ length: nodeCount }, (_, node) => node).filter((i) => i % 4 > 0);
const teacherLogits = (() => {
  const random = createRandom(6);
  return Float32Array.from({ length: nodeCount * CLASSES }, () => random.normal());
})();

const student = createStudent({
  features: featureProduct(graph.features),
  previous: undefined,
  structure: 'paper',
  widths: [8],
  classes: CLASSES,
  dropout: 0,
});

const FROZEN: StudentHyperParameters = {
  learningRate: 0,
  weightDecay: 0,
  alpha: 0.3,
  beta: 0,
  temperature: 2,
  mixupWeight: 0.7,
  maxEpochs: 1,
  patience: 1,
};

/** One epoch that changes nothing: its loss is that of the initial weights. */
async function frozenLoss(more: Partial<TrainStudentOptions>, hyper = FROZEN) {
  const reports: EpochReport[] = [];
  const initial = glorotWeights(student.shapes, createRandom(1));
  const trained = await trainStudent({
    student,
    stage: 1,
    initial,
    labels: graph.labels,
    classes: CLASSES,
    split,
    teacherLogits,
    visible,
    mixup: undefined,
    hyper,
    random: createRandom(2),
    onEpoch: (report) => reports.push(report),
    ...more,
  });
  expect(trained.weights).toEqual(initial);
  return { loss: reports[0].trainingLoss, logits: trained.logits };
}

/** T² · mean KL(softmax(z/T) ‖ softmax(p/T)) over `nodes`, plainly. */
function divergence(logits: Float32Array, nodes: Int32Array, temperature: number): number {
  const softmaxOf = (matrix: Float32Array, node: number) => {
    const row = matrix.subarray(node * CLASSES, (node + 1) * CLASSES);
    const powers = Array.from(row, (value) => Math.exp(value / temperature));
    return powers.map((power) => power / powers.reduce((a, b) => a + b));
  };
  let sum = 0;
  for (const node of nodes) {
    const p = softmaxOf(teacherLogits, node);
    const q = softmaxOf(logits, node);
    p.forEach((value, c) => {
      sum += value * Math.log(value / q[c]);
    });
  }
  return (temperature ** 2 * sum) / nodes.length;
}

test('trainStudent() minimises α CE over the labelled plus (1 − α) KL over the visible nodes', async () => {
  const { loss, logits } = await frozenLoss({});
  const labelled = crossEntropyOf(logits, CLASSES, graph.labels, split.train);
  expect(loss).toBeCloseTo(0.3 * labelled + 0.7 * divergence(logits, visible, 2), 5);
});

test('trainStudent() without a teacher minimises cross-entropy alone', async () => {
  const { loss, logits } = await frozenLoss({ teacherLogits: undefined });
  expect(loss).toBeCloseTo(crossEntropyOf(logits, CLASSES, graph.labels, split.train), 5);
});

test('trainStudent() weighs student k by k^β, mixup not', async () => {
  const hyper = { ...FROZEN, beta: 1.5 };
  const mixup = createMixupSchedule({ sign: 'printed' });
  const first = await frozenLoss({ stage: 1 }, hyper);
  const third = await frozenLoss({ stage: 3 }, hyper);
  expect(third.loss / first.loss).toBeCloseTo(3 ** 1.5, 4);
  const mixed = await frozenLoss({ stage: 1, mixup }, hyper);
  const thirdMixed = await frozenLoss({ stage: 3, mixup }, hyper);
  expect(mixed.loss - first.loss).toBeGreaterThan(0.1);
  expect(thirdMixed.loss - third.loss).toBeCloseTo(mixed.loss - first.loss, 4);
});

test('trainStudent() adds w · L_PMA and shows the schedule its loss', async () => {
  // One labelled node is its own partner: mixing changes nothing, L_PMA is its cross-entropy.
  const single = { train: split.train.slice(0, 1), validation: split.validation };
  const observed: number[] = [];
  const mixup: MixupSchedule = {
    lambda: 0.25,
    observe: (loss) => observed.push(loss),
    nextStudent() {},
  };
  const plain = await frozenLoss({ split: single });
  const mixed = await frozenLoss({ split: single, mixup });
  const own = crossEntropyOf(plain.logits, CLASSES, graph.labels, single.train);
  expect(observed).toHaveLength(1);
  expect(observed[0]).toBeCloseTo(own, 5);
  expect(mixed.loss - plain.loss).toBeCloseTo(0.7 * own, 5);
});

test('trainStudent() with mixup weight 0 leaves mixup out', async () => {
  const observed: number[] = [];
  const mixup: MixupSchedule = {
    lambda: 0.25,
    observe: (loss) => observed.push(loss),
    nextStudent() {},
  };
  const { loss } = await frozenLoss({ mixup }, { ...FROZEN, mixupWeight: 0 });
  expect(loss).toBe((await frozenLoss({})).loss);
  expect(observed).toEqual([]);
});
