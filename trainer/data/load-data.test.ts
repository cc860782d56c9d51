import { expect, test } from 'vitest';
import { CLEAN, writeFolder } from '../testing/graph-folder-fixture.ts';
import { loadData, PLANT } from './load-data.ts';

test('loadData() gives the split of the folder', async () => {
  const { graph, split } = await loadData({
    data: await writeFolder(CLEAN),
    seed: 1,
    split: 'public',
  });
  expect(split).toBe(graph.publicSplit);
});

test('loadData() refuses a public split that lacks a set', async () => {
  const labels = 'node,label,split\n0,0,train\n1,1,train\n2,0,none\n3,1,test\n';
  const data = await writeFolder({ ...CLEAN, 'labels.csv': labels });
  await expect(loadData({ data, seed: 1, split: 'public' })).rejects.toMatchObject({
    code: 'option-invalid',
    field: 'split',
    value: 'public, but no validation nodes',
  });
});

test('loadData() draws a random split by seed and names classes that are too small for it', async () => {
  const data = await writeFolder(CLEAN);
  const draw = (seed: number) => loadData({ data, seed, split: 'random' });
  const { split, notes } = await draw(1);
  expect((await draw(1)).split).toEqual(split);
  expect(notes.join(' ')).toContain('Class 0 has 2 labelled nodes');
  const seeds = await Promise.all([2, 3, 4, 5, 6, 7].map(draw));
  expect(seeds.some((other) => other.split.train.join() !== split.train.join())).toBe(true);
});

test('loadData() generates the plant by name, with its own split or a random one', async () => {
  const own = await loadData({ data: 'plant', seed: 3, split: 'public' });
  expect(own.graph.featureSpec.kind).toBe('telemetry');
  expect(own.split.train).toHaveLength(90);
  const random = await loadData({ data: 'plant', seed: 3, split: 'random' });
  expect(random.split.train).toHaveLength(20 * own.graph.classes.length);
  expect(random.graph.sha256).toBe(own.graph.sha256);
});

test('loadData() stops when aborted', async () => {
  const signal = AbortSignal.abort(new Error('stop'));
  await expect(loadData({ data: 'plant', seed: 1, split: 'public', signal })).rejects.toThrow(
    'stop',
  );
});

test('loadData() draws as many labels per class as asked', async () => {
  const few = { data: PLANT, seed: 1, labelsPerClass: 5, validationPerClass: 7 };
  const { graph, split, splitName } = await loadData(few);
  expect(splitName, 'counts mean a random split').toBe('random');
  expect(split.train).toHaveLength(5 * graph.classes.length);
  expect(split.validation).toHaveLength(7 * graph.classes.length);
  await expect(loadData({ ...few, split: 'public' })).rejects.toMatchObject({
    code: 'option-invalid',
    allowed: '--split random',
  });
});
