import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRowAssembler, type Sample, type TelemetrySpec } from '@dandan/shared/features';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, onTestFinished, test } from 'vitest';
import { openProject, type ProjectOptions } from './project-source.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

async function write(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-project-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

async function play(files: Files, options: Omit<ProjectOptions, 'folder'> = {}) {
  const source = await openProject({ folder: await write(files), ...options });
  const samples: Sample[] = [];
  for await (const batch of source.read(new AbortController().signal)) samples.push(...batch);
  return { samples, source };
}

const PROJECT = `model: line
timeZone: Asia/Tokyo
telemetry:
  - files: telemetry/{asset}.csv
channels:
  - { name: temperature, unit: °C, statistics: [mean] }
features: { windowMs: 60000 }
`;

const FILES = {
  'plant.yaml': PROJECT,
  'telemetry/oven.csv':
    'time,flow,temperature [°F]\n1970-01-01 09:00:02,5,212\n1970-01-01 09:00:00,4,32\n',
  'telemetry/press.csv': 'time,flow\n1970-01-01T00:00:00Z,1\n1970-01-01T00:00:00Z,2\n',
};

test('a project is played in the order of time, then of machines and channels, in its units', async () => {
  const { samples, source } = await play(FILES);
  expect(samples).toEqual([
    { asset: 'oven', channel: 'temperature', time: 0, value: 0 },
    { asset: 'oven', channel: 'flow', time: 0, value: 4 },
    { asset: 'press', channel: 'flow', time: 0, value: 2 },
    { asset: 'oven', channel: 'temperature', time: 2000, value: 100 },
    { asset: 'oven', channel: 'flow', time: 2000, value: 5 },
  ]);
  expect(source.units.get('temperature')).toBe('°C');
});

test('whatever files a history lies in, the gateway’s assembler makes the same rows of it', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => [i * 1000, Math.sin(i), i % 7] as const);
  const wide = `time,flow,level\n${rows.map((row) => row.join(',')).join('\n')}`;
  const long = `time,tag,value\n${rows.flatMap(([t, a, b]) => [`${t},level,${b}`, `${t},flow,${a}`]).join('\n')}`;
  const columnData = [
    { name: 'time', data: rows.map(([time]) => BigInt(time)), type: 'INT64' as const },
    { name: 'flow', data: rows.map(([, flow]) => flow), type: 'DOUBLE' as const },
    { name: 'level', data: rows.map(([, , level]) => level), type: 'DOUBLE' as const },
  ];
  const spec: TelemetrySpec = {
    kind: 'telemetry',
    windowMs: 20_000,
    strideMs: 10_000,
    channels: [
      { name: 'flow', unit: '' },
      { name: 'level', unit: '' },
    ],
    statistics: ['mean', 'deviation', 'slope'],
  };
  const project = 'telemetry:\n  - { files: "*.*", asset: a, timeUnit: ms, ignore: [] }\n';
  const rowsOf = async (files: Files) => {
    const { samples } = await play({
      'plant.yml': project.replace('*.*', Object.keys(files)[0]),
      ...files,
    });
    const assembler = createRowAssembler(spec);
    return samples.flatMap((sample) => assembler.push(sample));
  };
  const expected = await rowsOf({ 'a.csv': wide });
  expect(expected).toHaveLength(28);
  expect(await rowsOf({ 'a.csv': long })).toEqual(expected);
  const parquet = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 64 }));
  expect(await rowsOf({ 'a.parquet': parquet })).toEqual(expected);
});

const RUNS = `telemetry:
  - { files: "*.csv", asset: a, timeUnit: ms, runColumn: run }
`;

test('runs are played one behind the other, or one of them alone', async () => {
  const files = { 'plant.yaml': RUNS, 'a.csv': 'run,time,x\nr2,10,3\nr1,0,1\nr1,1,2\n' };
  const values = async (run?: string) =>
    (await play(files, run === undefined ? {} : { run })).samples.map(({ value }) => value);
  expect(await values()).toEqual([1, 2, 3]);
  expect(await values('r2')).toEqual([3]);
  await expect(values('r3')).rejects.toMatchObject({ field: '--run', allowed: 'one of r2, r1' });
});

test('runs that cover the same time are not mixed', async () => {
  const files = { 'plant.yaml': RUNS, 'a.csv': 'run,time,x\nr1,0,1\nr1,2,2\nr2,2,3\n' };
  await expect(play(files)).rejects.toMatchObject({ code: 'option-invalid', field: '--run' });
});

test.each<[string, Files, string]>([
  ['no plant.yaml', {}, '--project'],
  [
    'a misspelt setting',
    { 'plant.yaml': 'telemetry:\n  - { files: a.csv, aset: x }\n' },
    'plant.yaml:2:telemetry.0.aset',
  ],
  ['no telemetry', { 'plant.yaml': 'model: line\n' }, 'plant.yaml:1:telemetry'],
  ['a missing file', { 'plant.yaml': RUNS }, 'telemetry.0.files'],
  ['a value that is none', { 'plant.yaml': RUNS, 'a.csv': 'run,time,x\nr,0,hot\n' }, 'a.csv:2:x'],
  [
    'a path that leaves it',
    { 'plant.yaml': 'telemetry: [{ files: ../a.csv }]' },
    'telemetry.0.files',
  ],
])('a project with %s is refused', async (_, files, field) => {
  await expect(play(files)).rejects.toMatchObject({ name: 'InputError', field });
});

test('a link that leads out of a project is refused', async () => {
  const outside = await write({ 'a.csv': 'run,time,x\nr,0,1\n' });
  const folder = await write({ 'plant.yaml': RUNS });
  await symlink(join(outside, 'a.csv'), join(folder, 'a.csv'));
  const source = await openProject({ folder });
  const reading = source.read(new AbortController().signal)[Symbol.asyncIterator]().next();
  await expect(reading).rejects.toMatchObject({ field: 'a.csv', value: 'a link' });
});
