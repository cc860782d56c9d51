import { createRandom } from '@dandan/shared/random';
import { beforeAll, expect, test } from 'vitest';
import { accuracyOf, argmaxRow } from '../metrics/accuracy.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';
import { featureProduct } from '../network/feature-product.ts';
import type { Structure } from '../student/student.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { type DistilledStage, distillCascade } from './distill-cascade.ts';
import { tuneHeads } from './gatekeeper.ts';

const CLASSES = 3;
const { graph, split } = createClusterGraph({ kind: 'dense', width: 6, perClass: 80 });
const count = graph.labels.length;
const nodes = Int32Array.from({ length: count }, (_, node) => node);
const STRUCTURES = ['paper', 'incremental', 'additive'] as const;
const cascades = new Map<Structure, readonly DistilledStage[]>();

beforeAll(async () => {
  const teacherLogits = Float32Array.from({ length: count * CLASSES }, (_, at) =>
    graph.labels[Math.floor(at / CLASSES)] === at % CLASSES ? 3 : 0,
  );
  for (const structure of STRUCTURES) {
    const stages = await distillCascade({
      features: featureProduct(graph.features),
      labels: graph.labels,
      classes: CLASSES,
      split,
      visible: nodes,
      teacherLogits,
      structure,
      widths: structure === 'paper' ? [6, 6, 6] : [1, 6, 16],
      dropout: 0.1,
      mixup: { sign: 'printed' },
      hyper: {
        learningRate: 0.02,
        weightDecay: 5e-5,
        alpha: 0,
        beta: 0,
        temperature: 1,
        mixupWeight: 0,
        maxEpochs: 120,
        patience: 120,
      },
      random: createRandom(1),
    });
    cascades.set(structure, stages);
  }
});

const stagesOf = (structure: Structure) => cascades.get(structure) as readonly DistilledStage[];

const tune = (structure: Structure, more: Partial<Parameters<typeof tuneHeads>[0]> = {}) =>
  tuneHeads({
    structure,
    stages: stagesOf(structure),
    classes: CLASSES,
    nodes,
    weight: 1,
    labels: graph.labels,
    validation: split.validation,
    random: createRandom(2),
    ...more,
  });

const classesOf = ({ logits }: DistilledStage) =>
  Array.from(nodes, (node) => argmaxRow(logits, CLASSES, node));

/** Mean confidence of a stage where it agrees with the last one, less that where it does not. */
function gap(stage: DistilledStage, last: DistilledStage): number {
  const [own, full] = [classesOf(stage), classesOf(last)];
  const means = [true, false].map((agrees) => {
    const chosen = own.flatMap((answer, i) => ((answer === full[i]) === agrees ? [i] : []));
    const confidence = chosen.map((i) =>
      Math.max(...softmaxRow(stage.logits.subarray(i * CLASSES, (i + 1) * CLASSES), 1)),
    );
    return confidence.reduce((a, b) => a + b, 0) / confidence.length;
  });
  return means[0] - means[1];
}

test.each(STRUCTURES)(
  'tuneHeads() tells nodes to stop from nodes to go on: %s',
  async (structure) => {
    const before = stagesOf(structure);
    const after = await tune(structure);
    const differing = classesOf(before[0]).filter((c, i) => c !== classesOf(before[2])[i]).length;
    expect(differing, 'there is something to learn').toBeGreaterThan(5);
    // Against the last stage as it was: it must not be the one that moved.
    expect(gap(after[0], before[2])).toBeGreaterThan(gap(before[0], before[2]) + 0.02);
  },
);

test.each(STRUCTURES)('tuneHeads() keeps what the last stage says: %s', async (structure) => {
  const [, , before] = stagesOf(structure);
  const [, , after] = await tune(structure, { weight: 0.3 });
  if (structure !== 'additive') expect(after).toBe(before);
  const same = classesOf(after).filter((c, i) => c === classesOf(before)[i]).length;
  expect(same / count).toBeGreaterThan(0.97);
});

test('tuneHeads() changes heads alone, and logits to what they give', async () => {
  const before = stagesOf('additive');
  const after = await tune('additive');
  let expected = new Float32Array(count * CLASSES);
  after.forEach((stage, k) => {
    const { 'head.u': u, 'head.b': b, ...hidden } = stage.weights;
    const { 'head.u': oldU, 'head.b': _b, ...oldHidden } = before[k].weights;
    expect(hidden).toEqual(oldHidden);
    expect(u).not.toEqual(oldU);
    expect(stage.units).toBe(before[k].units);
    const width = stage.units.length / count;
    expected = expected.map((sum, at) => {
      const [i, c] = [Math.floor(at / CLASSES), at % CLASSES];
      let value = sum + b[c];
      for (let j = 0; j < width; j++) value += stage.units[i * width + j] * u[j * CLASSES + c];
      return value;
    });
    expectClose(stage.logits, expected, 1e-4);
    expect(stage.validationAccuracy).toBe(
      accuracyOf(stage.logits, CLASSES, graph.labels, split.validation),
    );
  });
});

test('tuneHeads() reads no label but to state accuracies', async () => {
  const labels = new Int32Array(count).fill(0);
  const [blind, seeing] = [await tune('additive', { labels }), await tune('additive')];
  expect(blind.map(({ weights }) => weights)).toEqual(seeing.map(({ weights }) => weights));
});

test('tuneHeads() leaves a single stage as it is', async () => {
  const [stage] = stagesOf('additive');
  expect(await tune('additive', { stages: [stage] })).toEqual([stage]);
});

test('tuneHeads() shows its steps and stops when aborted', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const steps: number[] = [];
  const run = tune('additive', {
    signal: controller.signal,
    onStep: ({ step, steps: all, loss }) => {
      expect(all).toBe(60);
      expect(loss).toBeGreaterThan(0);
      steps.push(step);
      if (step === 20) controller.abort(reason);
    },
  });
  await expect(run).rejects.toBe(reason);
  expect(steps).toEqual([10, 20]);
});
