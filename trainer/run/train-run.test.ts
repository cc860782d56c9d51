import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundle, sha256Hex } from '@dandan/shared/bundle';
import { createRandom } from '@dandan/shared/random';
import { expect, onTestFinished, test } from 'vitest';
import { cpuEngine } from '../autodiff/index.ts';
import type { GraphData, NodeFeatures } from '../graph/graph-data.ts';
import { holdOut } from '../graph/hold-out.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { folderCheckpoint, type PhaseResult } from './checkpoint.ts';
import { type Progress, silentProgress } from './progress.ts';
import { DEFAULTS, type TrainOptions } from './train-options.ts';
import { type TrainRunOptions, trainRun } from './train-run.ts';

const { graph, split } = createClusterGraph({ perClass: 60 });

const OPTIONS: TrainOptions = {
  ...DEFAULTS,
  structure: 'incremental',
  widths: [4, 8],
  setting: 'tran',
  teacherHidden: 8,
  teacherMaxEpochs: 25,
  student: { ...DEFAULTS.student, learningRate: 0.02, maxEpochs: 25, mixupWeight: 0.1 },
  // Small enough a promise for the few calibration nodes of a test.
  alpha: 0.2,
  delta: 0.3,
};

const run = (more: Partial<TrainRunOptions> = {}) =>
  trainRun({
    graph,
    split,
    splitName: 'public',
    options: OPTIONS,
    model: 'test',
    version: '1',
    created: '2026-01-01T00:00:00Z',
    codeVersion: '0.0.0',
    ...more,
  });

async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-run-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Aborts when the phase called `name` has ended. */
function abortAfter(name: string): { progress: Progress; signal: AbortSignal; reason: Error } {
  const controller = new AbortController();
  const reason = new Error(`stop after ${name}`);
  const done: Progress['done'] = (phase) => {
    if (phase.name === name) controller.abort(reason);
  };
  return { progress: { ...silentProgress, done }, signal: controller.signal, reason };
}

test.each(['incremental', 'paper', 'additive'] as const)(
  'trainRun() gives the same bytes for the same seed and time: %s',
  async (structure) => {
    const widths = structure === 'paper' ? [6, 6] : [4, 8];
    const options = { ...OPTIONS, structure, widths };
    const [first, again] = [await run({ options }), await run({ options })];
    expect(again.bytes).toEqual(first.bytes);
    const { seconds: _, ...figures } = first.figures;
    expect(again.figures).toMatchObject(figures);
    const other = await run({ options: { ...options, seed: 2 } });
    expect(other.bytes).not.toEqual(first.bytes);
  },
);

test('trainRun() writes a bundle whose manifest says what the figures say', async () => {
  const { bytes, figures, certification } = await run();
  const { manifest, stages } = await readBundle(bytes);
  expect(figures.bundle).toBe(await sha256Hex(bytes));
  expect(manifest).toMatchObject({ model: 'test', version: '1', structure: 'incremental' });
  expect(manifest.created).toBe('2026-01-01T00:00:00Z');
  expect(stages.map(({ hidden }) => hidden[0].outputs)).toEqual([4, 4]);
  expect(manifest.reference?.rows).toBe(graph.features.rows.count);
  expect(manifest.reference?.features.map(({ column }) => column)).toEqual([
    ...Array(graph.features.rows.width).keys(),
  ]);
  const { teacher, mlp, glnn, quantised } = figures;
  expect(manifest.provenance).toMatchObject({
    dataSha256: graph.sha256,
    setting: 'tran',
    split: 'public',
    seed: 1,
    figures: { teacher, mlp, glnn, quantised },
  });
  expect(certification).toMatchObject({ certified: true, n: split.unlabelled.length });
  const { thresholds, counts } = certification;
  expect(manifest.policies.day).toEqual({
    maxStage: 2,
    thresholds,
    certificate: {
      alpha: 0.2,
      delta: 0.3,
      n: 54,
      method: 'fixed-sequence',
      disagreements: counts?.disagreements,
    },
  });
  expect(manifest.policies.night).toEqual({
    maxStage: 1,
    thresholds,
    certificate: null,
  });
  expect(manifest.stages.reduce((sum, stage) => sum + stage.validation.stopShare, 0)).toBeCloseTo(
    1,
  );
  expect(figures.stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
});

test('trainRun() learns: teacher and cascade well above chance, int8 like float32', async () => {
  const options = {
    ...OPTIONS,
    teacherMaxEpochs: 150,
    student: { ...OPTIONS.student, maxEpochs: 150 },
  };
  const { figures } = await run({ options });
  expect(figures.teacher).toBeGreaterThan(90);
  expect(figures.output).toBeGreaterThan(60);
  expect(figures.quantised.agreement).toBeGreaterThanOrEqual(98);
});

test('trainRun() certifies nothing it cannot: every node runs to the last stage', async () => {
  const { bytes, figures, certification } = await run({
    options: { ...OPTIONS, alpha: 0.01, delta: 0.1 },
  });
  expect(certification).toMatchObject({ certified: false, thresholds: [null], needed: 230 });
  const { manifest } = await readBundle(bytes);
  expect(manifest.policies.day).toMatchObject({ thresholds: [null], certificate: null });
  expect(figures.exit).toMatchObject({ macsShare: 1, disagreement: 0 });
});

test.each(['GCN teacher', 'student 1 of 2', 'student 2 of 2'])(
  'trainRun() interrupted after %s and resumed gives the bytes of a run without a break',
  async (name) => {
    const dir = await temporary();
    const whole = await run();
    const checkpoint = folderCheckpoint(dir, 'key');
    const { progress, signal, reason } = abortAfter(name);
    await expect(run({ checkpoint, progress, signal })).rejects.toBe(reason);
    const restored: string[] = [];
    const resumed = await run({
      checkpoint,
      progress: {
        ...silentProgress,
        done: (phase) => {
          if (phase.restored) restored.push(phase.name);
        },
      },
    });
    expect(restored.at(-1)).toBe(name);
    expect(resumed.bytes).toEqual(whole.bytes);
    const { seconds: _, ...figures } = whole.figures;
    expect(resumed.figures).toMatchObject(figures);
  },
);

test('trainRun() runs a phase again when its checkpoint is damaged', async () => {
  const dir = await temporary();
  const checkpoint = folderCheckpoint(dir, 'key');
  const whole = await run({ checkpoint });
  for (const phase of ['teacher', 'glnn', 'stage-1']) {
    await writeFile(join(dir, `${phase}.safetensors`), 'half a fi');
  }
  expect((await run({ checkpoint })).bytes).toEqual(whole.bytes);
});

/** What training leaves, phase by phase. */
async function phasesOf(
  data: GraphData,
  teacherLogits?: Float32Array,
): Promise<Record<string, PhaseResult['arrays']>> {
  const phases: Record<string, PhaseResult['arrays']> = {};
  const teacher = teacherLogits ? 'file' : OPTIONS.teacher;
  await run({
    graph: data,
    options: { ...OPTIONS, setting: 'ind', teacher },
    teacherLogits,
    checkpoint: {
      load: async () => undefined,
      save: async (phase, { arrays }) => {
        phases[phase] = arrays;
      },
      clear: async () => {},
    },
  });
  return phases;
}

/** The same graph with other features and labels at `nodes`. */
function altered(data: GraphData, nodes: Int32Array): GraphData {
  const labels = data.labels.slice();
  for (const node of nodes) labels[node] = (labels[node] + 1) % 3;
  const { features } = data;
  const values = features.rows.values.slice();
  for (const node of nodes) {
    const [begin, end] =
      features.kind === 'sparse'
        ? [features.rows.offsets[node], features.rows.offsets[node + 1]]
        : [node * features.rows.width, (node + 1) * features.rows.width];
    for (let e = begin; e < end; e++) values[e] = 2.5 * values[e] + 3;
  }
  const rows = { ...features.rows, values };
  return { ...data, labels, features: { kind: features.kind, rows } as NodeFeatures };
}

/** The nodes that inductive training may see: the same draw as prepare() makes of the seed. */
const drawVisible = () =>
  holdOut(split, graph.labels.length, createRandom(OPTIONS.seed).fork('hold out')).visible;

const weightsOf = (phases: Record<string, PhaseResult['arrays']>, phase: string) =>
  Object.entries(phases[phase]).filter(([name]) => name.startsWith('weights/'));

test.each(['sparse', 'dense'] as const)(
  'trainRun() never lets held-out nodes influence inductive training: %s',
  async (kind) => {
    const data = createClusterGraph({ perClass: 60, kind }).graph;
    const nodeCount = data.labels.length;
    const untouched = await phasesOf(data);
    const visible = drawVisible();
    const hidden = Int32Array.from({ length: nodeCount }, (_, node) => node).filter(
      (node) => !visible.includes(node),
    );
    expect(hidden.length).toBeGreaterThan(split.unlabelled.length);
    const changed = await phasesOf(altered(data, hidden));
    for (const stage of ['stage-1', 'stage-2']) {
      expect(weightsOf(changed, stage)).toHaveLength(stage === 'stage-1' ? 4 : 6);
      expect(weightsOf(changed, stage)).toEqual(weightsOf(untouched, stage));
    }
    // The counter-check: one visible node does change them.
    const seen = await phasesOf(altered(data, visible.slice(0, 1)));
    expect(weightsOf(seen, 'stage-1')).not.toEqual(weightsOf(untouched, 'stage-1'));
  },
);

/** A teacher that knows: 3 at every node's class, 0 elsewhere. */
const perfectLogits = () =>
  Float32Array.from({ length: graph.labels.length * 3 }, (_, k) =>
    graph.labels[Math.floor(k / 3)] === k % 3 ? 3 : 0,
  );

test('trainRun() distils a teacher trained elsewhere and reports its accuracy', async () => {
  const options = { ...OPTIONS, teacher: 'file', teacherLogits: 'a'.repeat(64) } as const;
  const teacherLogits = perfectLogits();
  const [wrong, right] = [split.test[0], split.test[1]];
  teacherLogits.copyWithin(3 * wrong, 3 * right, 3 * right + 3);
  expect(graph.labels[wrong]).not.toBe(graph.labels[right]);
  const { bytes, figures } = await run({ options, teacherLogits });
  expect(figures.teacher).toBeCloseTo(100 * (1 - 1 / split.test.length), 1);
  const { manifest } = await readBundle(bytes);
  expect(manifest.provenance.options).toMatchObject({
    teacher: 'file',
    teacherLogits: 'a'.repeat(64),
  });
});

test("trainRun() never reads a given teacher's logits of unseen nodes, inductively", async () => {
  const visible = new Set(drawVisible());
  const logits = perfectLogits();
  const turned = (nodes: (node: number) => boolean) =>
    logits.map((value, k) => (nodes(Math.floor(k / 3)) ? 3 - value : value));
  const untouched = await phasesOf(graph, logits);
  const changed = await phasesOf(
    graph,
    turned((node) => !visible.has(node)),
  );
  const [first] = visible;
  const seen = await phasesOf(
    graph,
    turned((node) => node === first),
  );
  for (const stage of ['stage-1', 'stage-2']) {
    expect(weightsOf(changed, stage)).toEqual(weightsOf(untouched, stage));
    expect(weightsOf(seen, stage)).not.toEqual(weightsOf(untouched, stage));
  }
});

test('trainRun() trains in batches, whatever the number of threads', async () => {
  const dense = createClusterGraph({ perClass: 60, kind: 'dense' });
  const student = { ...OPTIONS.student, maxEpochs: 150 };
  const options = { ...OPTIONS, teacher: 'sign', batch: 32, student } as const;
  const { figures } = await run({ ...dense, options });
  expect(figures.teacher).toBeGreaterThan(80);
  expect(figures.output).toBeGreaterThan(70);
  const again = await run({ ...dense, options, engine: cpuEngine({ threads: 2 }) });
  expect(again.figures.bundle).toBe(figures.bundle);
});

test('trainRun() takes a step for every part of sparse rows', async () => {
  const student = { ...OPTIONS.student, maxEpochs: 100 };
  const options = { ...OPTIONS, batch: 40, student };
  const { figures } = await run({ options });
  expect(figures.output).toBeGreaterThan(45);
  expect((await run({ options })).figures.bundle).toBe(figures.bundle);
  const whole = await run({ options: { ...OPTIONS, student } });
  expect(whole.figures.teacher).toBe(figures.teacher);
  expect(whole.figures.bundle).not.toBe(figures.bundle);
});

test('trainRun() estimates class shares from all nodes, not from the validation labels', async () => {
  const large = createClusterGraph({ perClass: 200 });
  // Half the validation nodes of class 0: a fifth of them all, while it has a third of the nodes.
  const { validation: even } = large.split;
  const validation = even.filter(
    (node, i) => large.graph.labels[node] !== 0 || i < even.length / 2,
  );
  const given = { graph: large.graph, split: { ...large.split, validation } };
  const options = { ...OPTIONS, classPrior: 'estimated' } as const;
  const { figures, bytes } = await run({ ...given, options });
  const { assumed, labelled, estimated } = figures.classShares ?? {};
  expect(assumed).toBe('estimated');
  const names = Object.keys(estimated ?? {});
  expect(names).toEqual([...graph.classes]);
  for (const name of names) {
    expect(Math.abs((estimated?.[name] ?? 0) - 100 / 3)).toBeLessThan(10);
    expect(labelled?.[name]).toBeCloseTo(100 / 3, 0);
  }
  const { manifest } = await readBundle(bytes);
  expect(manifest.provenance.options).toMatchObject({ classPrior: 'estimated' });
  const plain = await run(given);
  expect(plain.figures.classShares?.assumed).toBe('labelled');
  expect(plain.figures.classShares?.estimated).toEqual(estimated);
  expect(plain.bytes).not.toEqual(bytes);
});
