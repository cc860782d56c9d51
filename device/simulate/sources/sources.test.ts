import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Sample } from '@dandan/shared/features';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CsvOptions, openCsv } from './csv-source.ts';
import { openParquet } from './parquet-source.ts';
import { openPlant } from './plant-source.ts';
import type { SampleSource } from './sample-source.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-sources-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function all(source: SampleSource): Promise<Sample[]> {
  const { signal } = new AbortController();
  const samples: Sample[] = [];
  for await (const batch of source.read(signal)) samples.push(...batch);
  return samples;
}

async function csv(text: string | Uint8Array, options: Omit<CsvOptions, 'file'> = {}) {
  const name = typeof text === 'string' ? 'data.csv' : 'data.csv.gz';
  await writeFile(join(folder, name), text);
  return all(openCsv({ file: join(folder, name), ...options }));
}

const WIDE = `time,asset,flow,pressure
2026-01-05T06:00:00Z,press-1,1.5,2
2026-01-05T06:00:10Z,press-1,,-3e2
`;

const EXPECTED = [
  { asset: 'press-1', channel: 'flow', time: 1_767_592_800_000, value: 1.5 },
  { asset: 'press-1', channel: 'pressure', time: 1_767_592_800_000, value: 2 },
  { asset: 'press-1', channel: 'pressure', time: 1_767_592_810_000, value: -300 },
];

test('a wide table is one sample a filled cell', async () => {
  expect(await csv(WIDE)).toEqual(EXPECTED);
  expect(await csv(`\ufeff${WIDE.replaceAll('\n', '\r\n')}\r\n`)).toEqual(EXPECTED);
  expect(await csv(gzipSync(WIDE))).toEqual(EXPECTED);
});

test('a long table is one sample a row', async () => {
  const long = `ts;machine;tag;"value"
1767592800;press-1;flow;1,5
1767592800;press-1;pressure;2
1767592810;press-1;flow;
1767592810;press-1;"pressure";-3e2
`;
  const options = { delimiter: ';', decimalComma: true, channelColumn: 'tag' };
  expect(await csv(long, options)).toEqual(EXPECTED);
});

test('columns are named, renamed and chosen by options', async () => {
  const text = 'when,where,a,b,note\n1767592800000,press-1,1.5,2,x\n';
  const samples = await csv(text, {
    timeColumn: 'when',
    assetColumn: 'where',
    channels: ['a=flow', 'b=pressure'],
  });
  expect(samples).toEqual(EXPECTED.slice(0, 2));
  expect(await csv('t,flow\n1767592800000,1.5\n', { asset: 'press-1' })).toEqual([EXPECTED[0]]);
});

test.each<[string, string, Omit<CsvOptions, 'file'>, string]>([
  ['a value that is none', 'time,asset,flow\n1,a,2\n2,a,hot\n', {}, 'data.csv:3:flow'],
  ['a time that is none', 'time,asset,flow\nyesterday,a,2\n', {}, 'data.csv:2:time'],
  [
    'a number in the wrong unit',
    'time,asset,flow\n1e3,a,2\n',
    { timeUnit: 'ms' },
    'data.csv:2:time',
  ],
  ['an asset that is no topic level', 'time,asset,flow\n1,a/b,2\n', {}, 'data.csv:2:asset'],
  ['a row that is too short', 'time,asset,flow\n1,a\n', {}, 'data.csv:2'],
  ['a quote that does not end', 'time,asset,flow\n1,a,"2\n', {}, 'data.csv:2'],
  ['a title twice', 'time,asset,flow,flow\n', {}, 'data.csv:1'],
  ['no time column', 'asset,flow\n', {}, 'data.csv:1'],
  ['no asset', 'time,flow\n', {}, 'data.csv:1'],
  ['no channel', 'time,asset\n1,a\n', {}, 'data.csv:1'],
  ['a channel name with blanks', 'time,asset,my flow\n', {}, 'data.csv:1:my flow'],
  ['an infinite value', 'time,asset,flow\n1,a,9e999\n', {}, 'data.csv:2:flow'],
  ['nothing', '', {}, 'data.csv:1'],
])('CSV with %s is refused by line', async (_, text, options, field) => {
  await expect(csv(text, options)).rejects.toMatchObject({ name: 'InputError', field });
});

test('CSV that is not text, not whole or not there is refused by name', async () => {
  const half = gzipSync(WIDE.repeat(50)).subarray(0, 60);
  await expect(csv(half)).rejects.toMatchObject({ code: 'data-invalid' });
  const file = join(folder, 'binary.csv');
  await writeFile(file, Uint8Array.of(0x74, 0xff, 0xfe, 0x0a));
  await expect(all(openCsv({ file }))).rejects.toMatchObject({ code: 'data-invalid' });
  await expect(all(openCsv({ file: join(folder, 'no.csv') }))).rejects.toMatchObject({
    code: 'data-missing',
    field: 'no.csv',
  });
  await writeFile(file, 'x'.repeat(3 * 1024 * 1024));
  await expect(all(openCsv({ file }))).rejects.toMatchObject({ code: 'data-invalid' });
});

test('CSV is read in batches of bounded size', async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `${1_767_592_800_000 + i},a,${i}`);
  const file = join(folder, 'long.csv');
  await writeFile(file, `t,asset,flow\n${rows.join('\n')}`);
  const sizes: number[] = [];
  for await (const batch of openCsv({ file }).read(new AbortController().signal)) {
    sizes.push(batch.length);
  }
  expect(sizes.reduce((a, b) => a + b)).toBe(50_000);
  expect(Math.max(...sizes)).toBeLessThan(5000);
});

async function parquet(columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) {
  const file = join(folder, 'data.parquet');
  await writeFile(file, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 2 })));
  return file;
}

const TABLE: Parameters<typeof parquet>[0] = [
  { name: 'time', data: EXPECTED.map(({ time }) => new Date(time)), type: 'TIMESTAMP' },
  { name: 'asset', data: EXPECTED.map(({ asset }) => asset), type: 'STRING' },
  { name: 'channel', data: EXPECTED.map(({ channel }) => channel), type: 'STRING' },
  { name: 'value', data: EXPECTED.map(({ value }) => value), type: 'DOUBLE' },
  { name: 'other', data: [1, null, 2], type: 'DOUBLE', nullable: true },
];

test('Parquet gives the samples of the same table as CSV', async () => {
  const file = await parquet(TABLE);
  expect(await all(openParquet({ file, channelColumn: 'channel' }))).toEqual(EXPECTED);
  const wide = await all(openParquet({ file, channels: ['other'] }));
  expect(wide.map(({ value }) => value)).toEqual([1, 2]);
});

test('Parquet that is damaged anywhere is refused or read, and never hangs', async () => {
  const file = await parquet(TABLE);
  const bytes = await readFile(file);
  for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 25)) {
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 0xff;
    await writeFile(file, damaged);
    const options = { file, channelColumn: 'channel', baseTimeoutMs: 1000 };
    const reading = all(openParquet(options));
    await reading.catch((error) => expect(error).toMatchObject({ name: 'InputError' }));
  }
  await writeFile(file, bytes.subarray(0, bytes.length - 20));
  await expect(all(openParquet({ file }))).rejects.toMatchObject({ code: 'data-invalid' });
  await expect(all(openParquet({ file: join(folder, 'no') }))).rejects.toMatchObject({
    code: 'data-missing',
  });
});

test('the embedded plant gives its day, as often as it is read', async () => {
  const source = openPlant({ lines: 1, machinesPerLine: 2, durationMs: 3_600_000 });
  const samples = await all(source);
  expect(samples.length).toBeGreaterThan(900);
  expect(await all(source)).toEqual(samples);
  expect(source.units.get('pressure')).toBe('bar');
});
