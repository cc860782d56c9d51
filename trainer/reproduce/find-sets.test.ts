import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';
import { findSets } from './find-sets.ts';

/** A collection of a CSV folder, an npz file, an OGB-like folder and things that are no graph. */
async function collection(): Promise<string> {
  const root = await temporaryFolder();
  for (const name of ['elm', 'notes', join('oak', 'raw')]) {
    await mkdir(join(root, name), { recursive: true });
  }
  await writeGraphFolder(join(root, 'elm'), createClusterGraph());
  await writeFile(join(root, 'fir.npz'), '');
  await writeFile(join(root, 'README.md'), '');
  return root;
}

test('findSets() finds graphs below a folder, a graph itself, and several paths', async () => {
  const root = await collection();
  const all = await findSets([root]);
  expect(all.map(({ name }) => name)).toEqual(['elm', 'fir', 'oak']);
  expect(await findSets([join(root, 'elm')])).toEqual([{ name: 'elm', path: join(root, 'elm') }]);
  const two = await findSets([join(root, 'fir.npz'), join(root, 'oak')]);
  expect(two.map(({ name }) => name)).toEqual(['fir', 'oak']);
});

test('findSets() takes the embedded plant by its name', async () => {
  const root = await collection();
  expect(await findSets(['plant', join(root, 'elm')])).toEqual([
    { name: 'plant', path: 'plant' },
    { name: 'elm', path: join(root, 'elm') },
  ]);
});

test('findSets() takes the folder of a plant for one set', async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, 'press-line', 'telemetry'), { recursive: true });
  await writeFile(join(root, 'press-line', 'plant.yaml'), '');
  expect((await findSets([root])).map(({ name }) => name)).toEqual(['press-line']);
});

test('findSets() keeps the wanted sets in their order', async () => {
  const root = await collection();
  const found = await findSets([root], ['oak', 'elm']);
  expect(found.map(({ name }) => name)).toEqual(['oak', 'elm']);
});

test('findSets() says what is missing and what there is', async () => {
  const root = await collection();
  await expect(findSets([join(root, 'none')])).rejects.toMatchObject({ code: 'data-missing' });
  await expect(findSets([join(root, 'notes')])).rejects.toMatchObject({ field: '--data' });
  await expect(findSets([root], ['yew'])).rejects.toMatchObject({
    code: 'data-missing',
    field: '--sets',
    value: 'yew',
    allowed: 'elm, fir, oak',
  });
  await expect(findSets([root, join(root, 'elm')])).rejects.toMatchObject({
    code: 'option-invalid',
  });
});
