import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { prepare } from '../run/prepare.ts';
import { DEFAULTS, type TrainOptions } from '../run/train-options.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { METHODS, type Method, type RunMethodOptions } from './method.ts';
import { runMethod } from './run-method.ts';

const { graph, split } = createClusterGraph({ perClass: 60 });
const OPTIONS: TrainOptions = {
  ...DEFAULTS,
  widths: [4, 8, 12],
  setting: 'tran',
  student: { ...DEFAULTS.student, learningRate: 0.02, maxEpochs: 150, mixupWeight: 0.1 },
};
const data = prepare(graph, split, OPTIONS, createRandom(1));
/** A teacher that is right on five nodes of six. */
const teacherLogits = Float32Array.from({ length: graph.labels.length * 3 }, (_, at) => {
  const node = Math.floor(at / 3);
  const answer = node % 6 === 0 ? (graph.labels[node] + 1) % 3 : graph.labels[node];
  return at % 3 === answer ? 3 : 0;
});

const run = (method: Method, more: Partial<RunMethodOptions> = {}) =>
  runMethod({ method, graph, data, teacherLogits, options: OPTIONS, ...more });

test.each(METHODS)('runMethod() learns and measures: %s', async (method) => {
  const { stages, output, predictions, curve } = await run(method);
  const count = method === 'mlp' || method === 'glnn' ? 1 : 3;
  expect(stages).toHaveLength(count);
  expect(curve).toHaveLength(count);
  // Labels alone get the plain MLP little above the third that chance gives.
  expect(output.accuracy).toBeGreaterThan(method === 'mlp' ? 0.4 : 0.6);
  expect(curve.at(-1)).toEqual({ macs: output.macs, accuracy: output.accuracy });
  expect(output.macs).toBeCloseTo(
    stages.reduce((sum, { macs }) => sum + macs, 0),
    6,
  );
  const right = split.test.filter((node) => predictions[node] === graph.labels[node]);
  expect(output.accuracy).toBe(right.length / split.test.length);
});

test.each(METHODS)('runMethod() gives the same answers for the same seed: %s', async (method) => {
  const few = { ...OPTIONS, student: { ...OPTIONS.student, maxEpochs: 8 } };
  const [first, again] = [await run(method, { options: few }), await run(method, { options: few })];
  expect(again.predictions).toEqual(first.predictions);
  expect(again.stages).toEqual(first.stages);
});

test.each(METHODS)(
  'runMethod() reads the labels of train and validation nodes only: %s',
  async (method) => {
    const few = { ...OPTIONS, student: { ...OPTIONS.student, maxEpochs: 8 } };
    const labels = graph.labels.slice();
    for (const node of [...split.test, ...split.unlabelled]) labels[node] = -1;
    const { predictions } = await run(method, { options: few, graph: { ...graph, labels } });
    expect(predictions).toEqual((await run(method, { options: few })).predictions);
  },
);

test('runMethod() costs what a row of average sparsity costs', async () => {
  const columns = data.rows.codes.length / data.rows.count;
  const single = 12 * columns + 12 * 3;
  const few = { ...OPTIONS, student: { ...OPTIONS.student, maxEpochs: 1 } };
  const macs = async (method: Method) => (await run(method, { options: few })).output.macs;
  expect(await macs('glnn')).toBeCloseTo(single, 6);
  expect(await macs('e-glnn')).toBeCloseTo(3 * single, 6);
  expect(await macs('adagmlp')).toBeCloseTo(3 * single, 6);
  // The paper's students 2 and 3 read 12 units more.
  expect(await macs('progmlp-paper')).toBeCloseTo(3 * single + 2 * 12 * 12, 6);
  // 4 new units a stage over x and 0, 4, 8 units; heads over 4, 8 and 12.
  const incremental = 4 * (3 * columns + 4 + 8) + 3 * (4 + 8 + 12);
  expect(await macs('progmlp-incremental')).toBeCloseTo(incremental, 6);
});

test('runMethod() of e-glnn trains students that differ', async () => {
  const few = { ...OPTIONS, student: { ...OPTIONS.student, maxEpochs: 5 } };
  const { stages } = await run('e-glnn', { options: few });
  expect(new Set(stages.map(({ accuracy }) => accuracy)).size).toBeGreaterThan(1);
});
