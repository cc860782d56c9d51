import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { accuracyOf, crossEntropyOf } from '../metrics/accuracy.ts';
import { featureProduct } from '../network/feature-product.ts';
import type { Weights } from '../network/weights.ts';
import type { Structure } from '../student/student.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { type DistilledStage, type DistillOptions, distillCascade } from './distill-cascade.ts';
import { hiddenAfter } from './hand-on.ts';
import type { StudentHyperParameters } from './train-student.ts';

const CLASSES = 3;
const { graph, split } = createClusterGraph({ kind: 'dense', width: 6 });
const count = graph.labels.length;
const x = graph.features.rows.values;

/** A teacher that knows the truth and says so softly. */
const teacherLogits = Float32Array.from({ length: count * CLASSES }, (_, at) =>
  graph.labels[Math.floor(at / CLASSES)] === at % CLASSES ? 2 : 0,
);

const HYPER: StudentHyperParameters = {
  learningRate: 0.02,
  weightDecay: 5e-4,
  alpha: 0.3,
  beta: 0,
  temperature: 1,
  mixupWeight: 0.1,
  maxEpochs: 30,
  patience: 30,
};

function distil(
  structure: Structure,
  widths: readonly number[],
  more: Partial<DistillOptions> = {},
): Promise<DistilledStage[]> {
  return distillCascade({
    features: featureProduct(graph.features),
    labels: graph.labels,
    classes: CLASSES,
    split,
    visible: Int32Array.from({ length: count }, (_, node) => node),
    teacherLogits,
    structure,
    widths,
    dropout: 0.2,
    mixup: { sign: 'printed' },
    hyper: HYPER,
    random: createRandom(1),
    ...more,
  });
}

/** relu(x Wx + h Wh + b) of every node, plainly. */
function unitsOf(weights: Weights, h: Float32Array, width: number): number[] {
  const units = weights['hidden0.b'].length;
  const columns = x.length / count;
  return Array.from({ length: count * units }, (_, at) => {
    const [i, u] = [Math.floor(at / units), at % units];
    let sum = weights['hidden0.b'][u];
    for (let j = 0; j < columns; j++) {
      sum += x[i * columns + j] * weights['hidden0.x'][j * units + u];
    }
    for (let j = 0; j < width; j++) sum += h[i * width + j] * weights['hidden0.h'][j * units + u];
    return Math.max(0, sum);
  });
}

test('distillCascade() starts a student of the paper structure from θ of its predecessor', async () => {
  const frozen = { ...HYPER, learningRate: 0, maxEpochs: 1 };
  const [first] = await distil('paper', [5]);
  const [, second, third] = await distil('paper', [5, 5, 5], { restored: [first], hyper: frozen });
  for (const name of ['hidden0.x', 'hidden0.b', 'head.u', 'head.b']) {
    expect(second.weights[name], name).toEqual(first.weights[name]);
  }
  expect(first.weights['hidden0.h'], 'H_0 is zero').toBeUndefined();
  expect(second.weights['hidden0.h']).toHaveLength(5 * 5);
  expect(second.weights['hidden0.h'].some((value) => value !== 0)).toBe(true);
  expect(third.weights).toEqual(second.weights);
});

test('distillCascade() feeds student k+1 with [x ‖ H_k] in evaluation mode: paper', async () => {
  const [first, second, third] = await distil('paper', [5, 5, 5]);
  expectClose(second.units, unitsOf(second.weights, first.units, 5), 1e-5);
  expectClose(third.units, unitsOf(third.weights, second.units, 5), 1e-5);
});

test('distillCascade() feeds student k+1 with [x ‖ u_1 ‖ … ‖ u_k]: incremental', async () => {
  const [first, second, third] = await distil('incremental', [2, 5, 9]);
  expect([first, second, third].map(({ units }) => units.length / count)).toEqual([2, 3, 4]);
  expect(third.weights['head.h']).toHaveLength(5 * CLASSES);
  const h1 = hiddenAfter('incremental', count, undefined, first);
  const h2 = hiddenAfter('incremental', count, h1, second);
  expect([h1.width, h2.width]).toEqual([2, 5]);
  expectClose(second.units, unitsOf(second.weights, h1.values, 2), 1e-5);
  expectClose(third.units, unitsOf(third.weights, h2.values, 5), 1e-5);
});

test('distillCascade() adds the logits of student k+1 to those of student k: additive', async () => {
  const [first, second, third] = await distil('additive', [2, 5, 9]);
  expect([first, second, third].map(({ units }) => units.length / count)).toEqual([2, 3, 4]);
  for (const [before, after] of [
    [first, second],
    [second, third],
  ]) {
    expectClose(after.units, unitsOf(after.weights, new Float32Array(0), 0), 1e-5);
    const width = after.units.length / count;
    const expected = before.logits.map((value, at) => {
      const [i, c] = [Math.floor(at / CLASSES), at % CLASSES];
      let sum = value + after.weights['head.b'][c];
      for (let u = 0; u < width; u++) {
        sum += after.units[i * width + u] * after.weights['head.u'][u * CLASSES + c];
      }
      return sum;
    });
    expectClose(after.logits, expected, 1e-4);
  }
});

test('distillCascade() leaves earlier students as they are when later ones train', async () => {
  for (const structure of ['paper', 'incremental', 'additive'] as const) {
    const widths = structure === 'paper' ? [4, 4, 4] : [2, 4, 6];
    const short = await distil(structure, widths.slice(0, 2));
    const long = await distil(structure, widths);
    expect(long.slice(0, 2)).toEqual(short);
  }
});

test('hiddenAfter() joins units row by row, or hands on logits', () => {
  const previous = { width: 1, values: Float32Array.of(1, 2) };
  const units = Float32Array.of(10, 11, 20, 21);
  const logits = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect(hiddenAfter('incremental', 2, previous, { units, logits })).toEqual({
    width: 3,
    values: Float32Array.of(1, 10, 11, 2, 20, 21),
  });
  const alone = { width: 2, values: units };
  expect(hiddenAfter('paper', 2, previous, { units, logits })).toEqual(alone);
  expect(hiddenAfter('incremental', 2, undefined, { units, logits })).toEqual(alone);
  const handed = { width: 3, values: logits };
  expect(hiddenAfter('additive', 2, previous, { units, logits })).toEqual(handed);
});

test('distillCascade() learns, and no incremental student is worse than its predecessor', async () => {
  const hyper = { ...HYPER, maxEpochs: 120, patience: 120 };
  const stages = await distil('incremental', [2, 6, 12], { hyper });
  expect(stages.map(({ stage }) => stage)).toEqual([1, 2, 3]);
  const losses = stages.map(({ logits }) =>
    crossEntropyOf(logits, CLASSES, graph.labels, split.validation),
  );
  // A student starts as its predecessor's function, up to the rounding of another sum.
  expect(losses[1]).toBeLessThanOrEqual(losses[0] + 1e-5);
  expect(losses[2]).toBeLessThanOrEqual(losses[1] + 1e-5);
  expect(losses[2], 'better than knowing nothing').toBeLessThan(Math.log(CLASSES) - 0.15);
  for (const { logits, validationAccuracy } of stages) {
    expect(validationAccuracy).toBe(accuracyOf(logits, CLASSES, graph.labels, split.validation));
  }
});

test('distillCascade() starts an incremental student as the function of its predecessor', async () => {
  const frozen = { ...HYPER, learningRate: 0, maxEpochs: 1 };
  const [first] = await distil('incremental', [3]);
  const stages = await distil('incremental', [3, 5, 8], { restored: [first], hyper: frozen });
  expectClose(stages[1].logits, first.logits, 1e-5);
  expectClose(stages[2].logits, first.logits, 1e-5);
  expect(
    stages[2].units.some((value) => value > 0),
    'the new units are alive',
  ).toBe(true);
});

test('distillCascade() hands λ of the mixup on from student to student', async () => {
  const stages = await distil('paper', [4, 4, 4], { mixup: { sign: 'printed', initial: 0.2 } });
  expect(stages[0].lambda).toBe(0.2);
  expect(stages[1].lambda).toBe(stages[0].nextLambda);
  expect(stages[2].lambda).toBe(stages[1].nextLambda);
  expect(stages[0].nextLambda).not.toBe(0.2);
});

test.each([
  ['paper', [4, 4, 4]],
  ['incremental', [2, 4, 6]],
  ['additive', [2, 4, 6]],
] as const)('distillCascade() restored goes on bit for bit: %s', async (structure, widths) => {
  const started: number[] = [];
  const saved: DistilledStage[] = [];
  const whole = await distil(structure, widths, {
    onStage: async (stage) => {
      saved.push(stage);
    },
  });
  expect(saved).toEqual(whole);
  for (const kept of [1, 2, 3]) {
    const resumed = await distil(structure, widths, {
      restored: saved.slice(0, kept),
      onStageStart: (stage) => started.push(stage),
    });
    expect(resumed).toEqual(whole);
  }
  expect(started).toEqual([2, 3, 3]);
});

test('distillCascade() stops when aborted and keeps the students that were done', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const done: number[] = [];
  const run = distil('paper', [4, 4, 4], {
    signal: controller.signal,
    onStage: async ({ stage }) => {
      done.push(stage);
      if (stage === 2) controller.abort(reason);
    },
  });
  await expect(run).rejects.toBe(reason);
  expect(done).toEqual([1, 2]);
});

test.each(['paper', 'incremental', 'additive'] as const)(
  'distillCascade() stops at the same epoch when it reads the validation rows only: %s',
  async (structure) => {
    const { width } = graph.features.rows;
    const values = new Float32Array(split.validation.length * width);
    split.validation.forEach((node, i) => {
      values.set(x.subarray(node * width, (node + 1) * width), i * width);
    });
    const rows = { count: split.validation.length, width, values };
    const validationFeatures = featureProduct({ kind: 'dense', rows });
    const widths = structure === 'paper' ? [5, 5] : [4, 7];
    const few = { hyper: { ...HYPER, patience: 5 } };
    const whole = await distil(structure, widths, few);
    const own = await distil(structure, widths, { ...few, validationFeatures });
    expect(own.map(({ epochs }) => epochs)).toEqual(whole.map(({ epochs }) => epochs));
    expect(own.map(({ logits }) => logits)).toEqual(whole.map(({ logits }) => logits));
  },
);

test('distillCascade() of deep students keeps the ranges of their inner layers', async () => {
  const deep = await distil('incremental', [4, 7], { hiddenLayers: 3 });
  expect(deep.map(({ innerRanges }) => innerRanges.map(({ length }) => length))).toEqual([
    [4, 4],
    [3, 3],
  ]);
  // The first layer of the first student reads x alone, so its range can be had plainly.
  const first = unitsOf(deep[0].weights, new Float32Array(0), 0);
  const largest = [0, 1, 2, 3].map((u) => Math.max(...first.filter((_, at) => at % 4 === u)));
  expectClose(deep[0].innerRanges[0], largest, 1e-4);
});

test('distillCascade() teaches with the targets that its options name', async () => {
  const few = { ...HYPER, maxEpochs: 40, alpha: 0, mixupWeight: 0 };
  // Wrong on two nodes of five; the graph knows better.
  const misled = teacherLogits.map((value, at) => {
    const node = Math.floor(at / CLASSES);
    const wrong = (graph.labels[node] + 1) % CLASSES === at % CLASSES ? 2 : 0;
    return node % 5 < 2 ? wrong : value;
  });
  const share = async (kind: 'teacher' | 'progressive') => {
    const targets = { kind, adjacency: graph.adjacency };
    const stages = await distil('incremental', [8], { hyper: few, teacherLogits: misled, targets });
    return accuracyOf(stages[0].logits, CLASSES, graph.labels, split.test);
  };
  expect(await share('progressive')).toBeGreaterThan(await share('teacher'));
});
