import type { Bundle } from '@dandan/shared/bundle';
import { createCascade, traceCascade } from '@dandan/shared/cascade';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { distillCascade } from '../distill/distill-cascade.ts';
import { runningClasses } from '../evaluate/running-output.ts';
import { featureProduct } from '../network/feature-product.ts';
import type { Structure } from '../student/student.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { dequantiseRows, fitInputQuantisation, quantiseFeatures } from './input.ts';
import { quantiseStages } from './stages.ts';

const CLASSES = 3;
const WIDTH = 60;
const TEMPERATURES = [0.8, 1.3, 1];

async function build(kind: 'dense' | 'sparse', structure: Structure, hiddenLayers = 1) {
  const { graph, split } = createClusterGraph({ kind, perClass: 150, width: WIDTH });
  const nodes = Int32Array.from(graph.labels.keys());
  const visible = nodes.filter((node) => node % 5 > 0);
  const input = fitInputQuantisation(graph.features, visible);
  const rows = quantiseFeatures(graph.features, input);
  const teacherLogits = Float32Array.from({ length: nodes.length * CLASSES }, (_, at) =>
    graph.labels[Math.floor(at / CLASSES)] === at % CLASSES ? 3 : 0,
  );
  const stages = await distillCascade({
    features: featureProduct(dequantiseRows(rows, input)),
    labels: graph.labels,
    classes: CLASSES,
    split,
    visible,
    teacherLogits,
    structure,
    widths: structure === 'paper' ? [8, 8, 8] : [4, 8, 12],
    hiddenLayers,
    dropout: 0.2,
    mixup: { sign: 'printed' },
    hyper: {
      learningRate: 0.02,
      weightDecay: 1e-3,
      alpha: 0.1,
      beta: 0,
      temperature: 1,
      mixupWeight: 0,
      maxEpochs: 40,
      patience: 40,
    },
    random: createRandom(1),
  });
  const temperatures = TEMPERATURES;
  const quantised = quantiseStages({ input, structure, stages, visible, temperatures });
  return { graph, nodes, visible, input, rows, stages, quantised };
}

for (const kind of ['dense', 'sparse'] as const) {
  for (const [structure, layers] of [
    ['paper', 1],
    ['paper', 2],
    ['incremental', 1],
    ['incremental', 3],
    ['additive', 1],
    ['additive', 2],
  ] as const) {
    test(`quantiseStages() keeps the class of at least 99 % of nodes: ${kind}, ${structure}, ${layers} hidden layers`, async () => {
      const { graph, nodes, input, rows, stages, quantised } = await build(kind, structure, layers);
      // A cascade reads no more of a manifest than this; a whole one is tested with the file.
      const manifest = { classes: graph.classes, structure } as Bundle['manifest'];
      const trace = traceCascade(createCascade({ manifest, input, stages: quantised }), rows);
      const logits = stages.map((stage) => stage.logits);
      const share = (a: Int32Array, b: Int32Array) =>
        a.filter((value, i) => value === b[i]).length / a.length;
      for (let k = 1; k <= stages.length; k++) {
        const float = runningClasses(logits.slice(0, k), TEMPERATURES, CLASSES, nodes);
        expect(share(trace.classes[k - 1], float)).toBeGreaterThanOrEqual(0.99);
      }
      const answers = new Set(trace.classes[0]);
      expect(answers.size, 'all classes are answered').toBe(CLASSES);
    });
  }
}

test('quantiseStages() stores the inverse temperature as float32', async () => {
  const { quantised } = await build('dense', 'incremental');
  quantised.forEach(({ inverseTemperature }, k) => {
    expect(inverseTemperature).toBe(Math.fround(1 / TEMPERATURES[k]));
  });
});

test('quantiseStages() gives layers of the widths that the structure reads', async () => {
  const incremental = (await build('dense', 'incremental')).quantised;
  expect(incremental.map(({ hidden }) => hidden[0].inputs)).toEqual([WIDTH, WIDTH + 4, WIDTH + 8]);
  expect(incremental.map(({ head }) => head.inputs)).toEqual([4, 8, 12]);
  const paper = (await build('dense', 'paper')).quantised;
  expect(paper.map(({ hidden }) => hidden[0].inputs)).toEqual([WIDTH, WIDTH + 8, WIDTH + 8]);
  expect(paper.map(({ head }) => head.inputs)).toEqual([8, 8, 8]);
});

test('quantiseStages() survives a stage whose units are all dead', async () => {
  const { input, visible, stages } = await build('dense', 'paper');
  const [first] = stages;
  for (const activation of [0, 1e-40]) {
    const dead = { ...first, units: new Float32Array(first.units.length).fill(activation) };
    const [stage] = quantiseStages({
      input,
      structure: 'paper',
      stages: [dead],
      visible,
      temperatures: [1],
    });
    expect(stage.head.scale.every(Number.isFinite)).toBe(true);
    expect(stage.hidden[0].scale.every(Number.isFinite)).toBe(true);
  }
});
