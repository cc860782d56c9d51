import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectIssues } from '../../data/issues.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { checkProject, isProject, readProject } from './index.ts';
import { knownKeys } from './known-keys.ts';

const SMALLEST = 'model: press-line\ntelemetry:\n  - files: telemetry/*.csv\n';

async function folderWith(text: string | Uint8Array, name = 'plant.yaml'): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), text);
  return folder;
}

async function failure(work: Promise<unknown>): Promise<InputError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

const refusal = async (text: string | Uint8Array) => failure(readProject(await folderWith(text)));

test('readProject() fills in what the smallest file leaves open', async () => {
  const folder = await folderWith(SMALLEST);
  const read = await readProject(folder);
  expect(read).toMatchObject({
    folder,
    file: join(folder, 'plant.yaml'),
    project: {
      model: 'press-line',
      timeZone: 'UTC',
      normal: 'normal',
      graph: { topology: true, time: 4, similar: 0 },
      split: { validation: 0.2, calibration: 0.2, test: 0.2 },
      labels: {},
    },
  });
  expect(read.lineOf(['telemetry', 0, 'files'])).toBe(3);
  expect(read.lineOf(['labels', 'files'])).toBe(1);
});

test('readProject() takes the file itself, .yml and JSON', async () => {
  const folder = await folderWith(SMALLEST, 'plant.yml');
  expect((await readProject(join(folder, 'plant.yml'))).folder).toBe(folder);
  const json = JSON.stringify({ model: 'a', telemetry: [{ files: 'a.csv' }] });
  expect((await readProject(await folderWith(json, 'plant.json'))).project.model).toBe('a');
});

test('isProject() knows a project from a graph, a file and nothing', async () => {
  const folder = await folderWith(SMALLEST);
  expect(await isProject(folder)).toBe(true);
  expect(await isProject(join(folder, 'plant.yaml'))).toBe(true);
  expect(await isProject(await folderWith('', 'edges.csv'))).toBe(false);
  expect(await isProject(join(folder, 'nowhere'))).toBe(false);
});

test.each([
  ['a misspelt key', `${SMALLEST}toplogy: a.csv\n`, 'plant.yaml:4:toplogy', 'one of topology, '],
  [
    'a misspelt key of a source',
    `${SMALLEST}    timecolumn: t\n`,
    'plant.yaml:4:telemetry.0.timecolumn',
    'one of timeColumn, timeUnit, timeZone, ',
  ],
  [
    'a misspelt key of a column',
    `${SMALLEST}    columns:\n      T1: { chanel: temperature }\n`,
    'plant.yaml:5:telemetry.0.columns.T1.chanel',
    'one of channel, ',
  ],
  [
    'a misspelt key of a section that takes others',
    `${SMALLEST}features:\n  window: 60000\n`,
    'plant.yaml:5:features.window',
    'one of windowMs, ',
  ],
  [
    'a misspelt key of a channel',
    `${SMALLEST}channels:\n  - name: a\n    hold: 3\n`,
    'plant.yaml:6:channels.0.hold',
    'one of holdMs, ',
  ],
  ['a number for text', `${SMALLEST}classes: [0, 1]\n`, 'plant.yaml:4:classes.0', 'in quotes'],
  ['text for a number', `${SMALLEST}graph: { time: four }\n`, 'plant.yaml:4:graph.time', 'number'],
  ['text for a list', `${SMALLEST}classes: normal\n`, 'plant.yaml:4:classes', 'a list'],
  ['an unknown zone', `timeZone: Tokyo\n${SMALLEST}`, 'plant.yaml:1:timeZone', 'Asia/Tokyo'],
  [
    'an unknown choice',
    `${SMALLEST}    timeUnit: minutes\n`,
    'plant.yaml:4:telemetry.0.timeUnit',
    'one of auto, iso, s, ms, us, ns',
  ],
  [
    'a time without its offset',
    `${SMALLEST}    everyMs: 1000\n    startTime: 2026-04-01T00:00:00\n`,
    'plant.yaml:5:telemetry.0.startTime',
    '+09:00',
  ],
  [
    'too large a share',
    `${SMALLEST}split: { test: 3 }\n`,
    'plant.yaml:4:split.test',
    'at most 0.9',
  ],
  ['too few classes', `${SMALLEST}classes: [a]\n`, 'plant.yaml:4:classes', 'at least 2 entries'],
  ['no files', 'model: a\ntelemetry:\n  - asset: a\n', 'plant.yaml:3:telemetry.0.files', 'text'],
  ['an empty file', '', 'plant.yaml:1:document', 'names with values'],
  ['broken YAML', 'model: [\n', 'plant.yaml:', 'dandan init plant'],
  ['a key twice', `${SMALLEST}model: b\n`, 'plant.yaml:4', 'dandan init plant'],
  ['a tab', 'model: a\ntelemetry:\n\t- files: a\n', 'plant.yaml:3', 'dandan init plant'],
])('readProject() refuses %s by line and in words', async (_, text, field, allowed) => {
  const error = await refusal(text);
  expect(error).toMatchObject({ code: 'config-invalid' });
  expect(error.field).toContain(field);
  expect(error.allowed).toContain(allowed);
});

test('readProject() says that Shift-JIS is not UTF-8', async () => {
  const error = await refusal(Uint8Array.of(0x6d, 0x3a, 0x20, 0x83, 0x76, 0x83, 0x8c));
  expect(error).toMatchObject({ code: 'config-invalid', field: 'plant.yaml' });
  expect(error.allowed).toContain('UTF-8');
});

test('readProject() refuses a folder without a project and one with two', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'plant.yaml'));
  const missing = await failure(readProject(await temporaryFolder()));
  expect(missing).toMatchObject({ code: 'data-missing' });
  expect(missing.allowed).toContain('dandan init plant DIR');
  const two = await folderWith(SMALLEST);
  await writeFile(join(two, 'plant.json'), '{}');
  expect(await failure(readProject(two))).toMatchObject({ code: 'config-invalid', field: two });
  expect(await failure(readProject(folder))).toMatchObject({ field: 'plant.yaml' });
});

test('checkProject() reports everything at once, misspellings first', async () => {
  const issues = collectIssues();
  const text = 'modell: a\ntimeZone: Tokyo\ntelemetry: []\n';
  expect(await checkProject(await folderWith(text), issues)).toBeUndefined();
  expect(issues.issues.map(({ field }) => field)).toEqual([
    'plant.yaml:1:modell',
    'plant.yaml:1:model',
    'plant.yaml:2:timeZone',
    'plant.yaml:3:telemetry',
  ]);
});

test('knownKeys() reads the schema at every place', () => {
  expect(knownKeys([])).toContain('telemetry');
  expect(knownKeys(['telemetry', 3])).toContain('everyMs');
  expect(knownKeys(['telemetry', 0, 'columns'])).toEqual([]);
  expect(knownKeys(['telemetry', 0, 'columns', 'any'])).toEqual(['channel', 'unit', 'asset']);
  expect(knownKeys(['topology'])).toEqual(['edges', 'assets', 'lines', 'kinds']);
  expect(knownKeys(['nowhere', 0])).toEqual([]);
});

test('readProject() answers any document with a project or an error that names the file', async () => {
  const folder = await temporaryFolder();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
      await writeFile(join(folder, 'plant.yaml'), text);
      const error = await failure(readProject(folder));
      expect(error.field).toContain('plant.yaml');
    }),
    { numRuns: 100 },
  );
});
