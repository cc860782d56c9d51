import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { graphProject } from './graph-project.ts';
import { plantProject } from './plant-project.ts';
import { type ProjectFile, shellPath } from './project-files.ts';
import { writeProject } from './write-project.ts';

const FILES: readonly ProjectFile[] = [
  { path: 'labels.csv', about: 'labels', text: 'ours' },
  { path: 'telemetry/a.csv', about: 'readings', text: 'ours' },
];

test('writeProject() writes every file into a folder that it makes', async () => {
  const dir = join(await temporaryFolder(), 'deep/er');
  expect(await writeProject({ dir, files: FILES })).toEqual({
    written: ['labels.csv', 'telemetry/a.csv'],
    renamed: {},
  });
  expect(await readFile(join(dir, 'telemetry/a.csv'), 'utf8')).toBe('ours');
});

test('writeProject() refuses a folder that holds something and changes nothing in it', async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'notes.txt'), 'mine');
  await expect(writeProject({ dir, files: FILES })).rejects.toMatchObject({
    code: 'output-unwritable',
    field: 'dir',
    value: 'notes.txt',
    allowed: expect.stringContaining('--force'),
  });
  expect(await readdir(dir)).toEqual(['notes.txt']);
});

test('writeProject() with force renames what is in the way and loses nothing', async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'labels.csv'), 'mine');
  await writeFile(join(dir, 'labels.csv.1'), 'older');
  await mkdir(join(dir, 'telemetry'));
  await writeFile(join(dir, 'telemetry/b.csv'), 'mine');
  const { renamed } = await writeProject({ dir, files: FILES, force: true });
  expect(renamed).toEqual({ 'labels.csv': 'labels.csv.2' });
  expect(await readFile(join(dir, 'labels.csv'), 'utf8')).toBe('ours');
  expect(await readFile(join(dir, 'labels.csv.1'), 'utf8')).toBe('older');
  expect(await readFile(join(dir, 'labels.csv.2'), 'utf8')).toBe('mine');
  expect(await readFile(join(dir, 'telemetry/b.csv'), 'utf8')).toBe('mine');
});

test.each(['file', 'file/below'])('writeProject() into %s says that it cannot', async (place) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  await expect(writeProject({ dir: join(folder, place), files: FILES })).rejects.toMatchObject({
    code: 'output-unwritable',
    value: expect.stringMatching(/^(EEXIST|ENOTDIR)$/),
  });
});

test('the same options give the same bytes', () => {
  const options = { dir: 'x', model: 'x', language: 'en', timeZone: 'Asia/Tokyo' } as const;
  expect(plantProject(options)).toEqual(plantProject(options));
  expect(graphProject(options)).toEqual(graphProject(options));
});

test.each([
  ['my-line', 'my-line'],
  ['../plants/Osaka_1', '../plants/Osaka_1'],
  ['my line', "'my line'"],
  ["it's", String.raw`'it'\''s'`],
  ['$(rm)', "'$(rm)'"],
])('shellPath() of %s is what a shell takes for it', (path, quoted) => {
  expect(shellPath(path)).toBe(quoted);
});
