import { createCascade, runCascade, traceCascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { quantiseFeatures } from '../quantise/input.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { evaluateBundle } from './evaluate-bundle.ts';

const { graph, split } = createClusterGraph({ kind: 'dense', width: 12 });

test('evaluateBundle() measures stages, exits and costs on the listed nodes', async () => {
  const { bundle } = await createTestBundle({ width: 12 });
  const { test: nodes } = split;
  const measured = evaluateBundle(bundle, graph, nodes);
  const rows = quantiseFeatures(graph.features, bundle.input);
  const cascade = createCascade(bundle);
  const trace = traceCascade(cascade, rows);
  const exit = runCascade(cascade, rows, bundle.manifest.policies.day);
  const share = (holds: (node: number) => boolean) => nodes.filter(holds).length / nodes.length;
  const right = (classes: Int32Array) => (node: number) => classes[node] === graph.labels[node];
  const { stages, output, exit: exits } = measured.figures;
  stages.forEach(({ stage, accuracy, macs, share: stops }, k) => {
    expect(stage).toBe(k + 1);
    expect(accuracy).toBeCloseTo(100 * share(right(trace.stageClasses[k])), 1);
    expect(macs).toBe(trace.macs[k][0]);
    expect(stops).toBeCloseTo(
      share((node) => exit.stage[node] === stage),
      12,
    );
  });
  expect(stages.filter(({ share: stops }) => stops > 0).length, 'exits are mixed').toBeGreaterThan(
    1,
  );
  const last = trace.classes[2];
  expect(output).toBeCloseTo(100 * share(right(last)), 1);
  expect(exits.accuracy).toBeCloseTo(100 * share(right(exit.classes)), 1);
  expect(exits.disagreement).toBeCloseTo(
    share((node) => exit.classes[node] !== last[node]),
    12,
  );
  expect(exits.disagreement).toBeGreaterThan(0);
  const spent = nodes.reduce((sum, node) => sum + exit.macs[node], 0);
  const full = nodes.reduce((sum, node) => sum + trace.macs[2][node], 0);
  expect(exits.macsShare).toBeCloseTo(spent / full, 12);
  expect([...measured.exitStages]).toEqual(Array.from(nodes, (node) => exit.stage[node]));
  expect([...measured.exitClasses]).toEqual(Array.from(nodes, (node) => exit.classes[node]));
  expect([...measured.fullClasses]).toEqual(Array.from(nodes, (node) => last[node]));
});

test('evaluateBundle() stops the whole batch where the threshold says', async () => {
  const { bundle } = await createTestBundle({ width: 12 });
  const at = (threshold: number) =>
    evaluateBundle(bundle, graph, split.test, threshold).figures.batchExit;
  const { stages } = evaluateBundle(bundle, graph, split.test).figures;
  const [first, last] = [at(0), at(1)];
  expect(first).toMatchObject({ threshold: 0, stage: 1, accuracy: stages[0].accuracy });
  expect(first.macsShare).toBeCloseTo(stages[0].macs / stages[2].macs, 12);
  expect(last).toMatchObject({ stage: 3, macsShare: 1 });
});

test('evaluateBundle() refuses data with other features than the bundle reads', async () => {
  const { bundle } = await createTestBundle({ width: 13 });
  expect(() => evaluateBundle(bundle, graph, split.test)).toThrow(InputError);
  expect(() => evaluateBundle(bundle, graph, split.test)).toThrow(
    /12 features, the model reads 13/,
  );
});

test('evaluateBundle() of no nodes is all zeros, not NaN', async () => {
  const { bundle } = await createTestBundle({ width: 12 });
  const { figures } = evaluateBundle(bundle, graph, new Int32Array(0));
  expect(figures.output).toBe(0);
  expect(figures.exit).toEqual({ accuracy: 0, macsShare: 0, disagreement: 0 });
});

test('evaluateBundle() refuses data with other classes', async () => {
  const { bundle } = await createTestBundle({ width: 12 });
  for (const classes of [
    ['class-0', 'class-1'],
    ['class-0', 'class-1', 'other'],
  ]) {
    expect(() => evaluateBundle(bundle, { ...graph, classes }, split.test)).toThrow(
      expect.objectContaining({ code: 'data-invalid', field: 'classes' }),
    );
  }
});
