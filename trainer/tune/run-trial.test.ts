import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Checkpoint, noCheckpoint } from '../run/checkpoint.ts';
import { silentProgress } from '../run/progress.ts';
import { DEFAULTS, type TrainOptions } from '../run/train-options.ts';
import { trainRun } from '../run/train-run.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { runTrial } from './run-trial.ts';
import { scoreStages } from './score-stages.ts';
import { forgetTrial, teacherName, trialCheckpoint } from './trial-checkpoint.ts';

const { graph, split } = createClusterGraph({ perClass: 60 });

const OPTIONS: TrainOptions = {
  ...DEFAULTS,
  structure: 'incremental',
  widths: [4, 6, 8],
  setting: 'tran',
  teacherHidden: 8,
  teacherMaxEpochs: 15,
  student: { ...DEFAULTS.student, learningRate: 0.02, maxEpochs: 15 },
};

const run = (stages: number, more: Partial<Parameters<typeof runTrial>[0]> = {}) =>
  runTrial({
    graph,
    split,
    options: OPTIONS,
    stages,
    checkpoint: noCheckpoint,
    progress: silentProgress,
    ...more,
  });

test.each(['tran', 'ind'] as const)(
  'runTrial() trains the very students of trainRun() and scores their running output: %s',
  async (setting) => {
    const options = { ...OPTIONS, setting };
    const logits: Float32Array[] = [];
    const checkpoint: Checkpoint = {
      ...noCheckpoint,
      async save(phase, { arrays }) {
        if (phase.startsWith('stage-')) logits.push(arrays.logits);
      },
    };
    const of = { model: 'm', version: '1', created: '2026-01-01T00:00:00Z', codeVersion: '0' };
    await trainRun({ graph, split, splitName: 'public', options, checkpoint, ...of });
    expect(logits).toHaveLength(3);
    for (const stages of [1, 3]) {
      const expected = scoreStages({
        logits: logits.slice(0, stages),
        classes: 3,
        labels: graph.labels,
        nodes: split.validation,
      });
      expect(await run(stages, { options })).toEqual(expected);
    }
  },
);

test('runTrial() never reads a label of test or unlabelled nodes', async () => {
  const labels = graph.labels.slice();
  for (const node of [...split.test, ...split.unlabelled]) labels[node] = (labels[node] + 1) % 3;
  expect(await run(2, { graph: { ...graph, labels } })).toEqual(await run(2));
  const seen = graph.labels.slice();
  for (const node of split.validation) seen[node] = (seen[node] + 1) % 3;
  expect(await run(2, { graph: { ...graph, labels: seen } })).not.toEqual(await run(2));
});

test('runTrial() goes on from its checkpoint to the score of an unbroken trial', async () => {
  const dir = await temporaryFolder();
  const of = { folder: dir, key: 'k', trial: 5, options: OPTIONS };
  const phases: string[] = [];
  const progress = {
    ...silentProgress,
    done: ({ name, restored }: { name: string; restored: boolean }) => {
      if (!restored) phases.push(name);
    },
  };
  await run(1, { checkpoint: await trialCheckpoint(of), progress });
  expect(phases).toEqual(['GCN teacher', 'student 1 of 1']);
  const whole = await run(3, { checkpoint: await trialCheckpoint(of), progress });
  expect(phases.slice(2)).toEqual(['student 2 of 3', 'student 3 of 3']);
  expect(whole).toEqual(await run(3));
});

test('trialCheckpoint() shares a teacher between trials, and forgetTrial() leaves it', async () => {
  const dir = await temporaryFolder();
  const other = { ...OPTIONS, dropout: 0.6, widths: [4, 8] };
  const deeper = { ...OPTIONS, teacherDepth: 3 };
  expect(await teacherName(other)).toBe(await teacherName(OPTIONS));
  expect(await teacherName(deeper)).not.toBe(await teacherName(OPTIONS));
  expect(await teacherName({ ...OPTIONS, seed: 2 })).not.toBe(await teacherName(OPTIONS));
  const at = (trial: number | undefined, options: TrainOptions, key = 'k') =>
    trialCheckpoint({ folder: dir, key, trial, options });
  expect(await run(0, { checkpoint: await at(undefined, OPTIONS) })).toBeUndefined();
  expect(await (await at(1, other)).load('teacher')).toBeDefined();
  expect(await (await at(1, deeper)).load('teacher')).toBeUndefined();
  expect(await (await at(1, other, 'other data')).load('teacher')).toBeUndefined();
  await run(1, { checkpoint: await at(1, OPTIONS) });
  expect(await (await at(1, OPTIONS)).load('stage-1')).toBeDefined();
  expect(await (await at(1, other)).load('stage-1')).toBeUndefined();
  expect(await (await at(2, OPTIONS)).load('stage-1')).toBeUndefined();
  await forgetTrial(dir, 1);
  expect((await readdir(dir)).filter((name) => name.startsWith('trial'))).toEqual([]);
  expect(await (await at(1, OPTIONS)).load('teacher')).toBeDefined();
});
