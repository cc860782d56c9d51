// Whole trainings on the graphs that CUDA runs, here on onnxruntime's CPU provider.
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { cpuEngine, type Engine } from '../autodiff/index.ts';
import { createOnnxSession } from '../autodiff/onnx/onnx-session.ts';
import { featureProduct } from '../network/feature-product.ts';
import { createTeacher, TEACHERS, type TeacherKind } from '../teacher/create-teacher.ts';
import { trainTeacher } from '../teacher/train-teacher.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { DEFAULTS } from './train-options.ts';
import { trainRun } from './train-run.ts';

const onnxEngine = (stepsPerRun: number): Engine => ({
  createSession: (program) => createOnnxSession(program, { provider: 'cpu' }),
  stepsPerRun,
});

const { graph, split } = createClusterGraph({ perClass: 60 });

function trainOn(engine: Engine, kind: TeacherKind) {
  const classes = graph.classes.length;
  const network = createTeacher({
    kind,
    features: featureProduct(graph.features),
    adjacency: graph.adjacency,
    classes,
    hidden: 8,
    depth: 2,
    dropout: 0.5,
    heads: 2,
    outputHeads: 1,
    attentionDropout: 0.3,
  });
  return trainTeacher({
    network,
    labels: graph.labels,
    classes,
    split,
    random: createRandom(2),
    learningRate: 0.01,
    weightDecay: 5e-4,
    maxEpochs: 30,
    patience: 30,
    engine,
  });
}

test.each(TEACHERS)('trainTeacher() ends at the same logits on every engine: %s', async (kind) => {
  const [wasm, onnx] = [await trainOn(cpuEngine(), kind), await trainOn(onnxEngine(1), kind)];
  expect(onnx.epochs).toBe(wasm.epochs);
  // Rounding differs, and Adam divides by gradients that are nearly zero.
  expectClose(onnx.logits, wasm.logits, 2e-3);
});

test('trainRun() on the graphs of CUDA gives the same bytes twice and a cascade that works', async () => {
  const run = () =>
    trainRun({
      graph,
      split,
      splitName: 'public',
      options: {
        ...DEFAULTS,
        widths: [4, 8],
        setting: 'tran',
        teacherHidden: 8,
        teacherMaxEpochs: 40,
        student: { ...DEFAULTS.student, learningRate: 0.02, maxEpochs: 40 },
        alpha: 0.2,
        delta: 0.3,
      },
      model: 'test',
      version: '1',
      created: '2026-01-01T00:00:00Z',
      codeVersion: '0.0.0',
      engine: onnxEngine(10),
    });
  const [first, again] = [await run(), await run()];
  expect(again.bytes).toEqual(first.bytes);
  const chance = 100 / graph.classes.length;
  expect(first.figures.teacher).toBeGreaterThan(2 * chance);
  expect(first.figures.output).toBeGreaterThan(1.5 * chance);
});
