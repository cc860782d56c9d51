import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { readFiles, readFolder, writeFiles } from './testing/read-files.ts';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];

const parquet = (columnData: Columns, rowGroupSize = 2) =>
  new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize }));

/** 2026-01-05T06:00:00Z. */
const T0 = 1_767_592_800_000;
const TIMES = [T0, T0 + 1000, T0 + 2000];

const WIDE: Columns = [
  { name: 'time', data: TIMES.map((time) => new Date(time)), type: 'TIMESTAMP' },
  { name: 'asset', data: ['a', 'a', 'b'], type: 'STRING' },
  { name: 'flow', data: [1.5, null, 2.5], type: 'DOUBLE', nullable: true },
  { name: 'on', data: [true, false, true], type: 'BOOLEAN' },
  { name: 'count', data: [1n, 2n, 3n], type: 'INT64' },
];

const SOURCE = { source: { files: '*.parquet' } };

test('a typed table is read as the same table of text', async () => {
  const { readings, summary, issues } = await readFiles({ 'a.parquet': parquet(WIDE) }, SOURCE);
  expect(issues).toEqual([]);
  expect(readings).toEqual({
    '/a/flow': [[T0, 1.5]],
    '/a/on': [
      [T0, 1],
      [T0 + 1000, 0],
    ],
    '/a/count': [
      [T0, 1],
      [T0 + 1000, 2],
    ],
    '/b/flow': [[T0 + 2000, 2.5]],
    '/b/on': [[T0 + 2000, 1]],
    '/b/count': [[T0 + 2000, 3]],
  });
  expect(summary.files[0]).toMatchObject({ format: 'parquet', rows: 3, headerLine: 0 });
  expect(summary.files[0].columns.find(({ title }) => title === 'flow')?.missing).toBe(1);
});

test.each<[string, Columns[number], string]>([
  ['nanoseconds', { name: 'time', data: TIMES.map((t) => BigInt(t) * 1_000_000n) }, 'auto'],
  ['seconds', { name: 'time', data: TIMES.map((t) => t / 1000), type: 'DOUBLE' }, 's'],
  ['text', { name: 'time', data: TIMES.map((t) => new Date(t).toISOString()) }, 'iso'],
])('times may be %s', async (_, time, timeUnit) => {
  const columns = [time, { name: 'x', data: [1, 2, 3], type: 'DOUBLE' as const }];
  const { readings } = await readFiles(
    { 'a.parquet': parquet(columns) },
    { source: { files: '*.parquet', asset: 'a', timeUnit: timeUnit as 'auto' } },
  );
  expect(readings['/a/x'].map(([at]) => at)).toEqual(TIMES);
});

test('long tables and label columns are read across row groups', async () => {
  const columns: Columns = [
    { name: 'run', data: [0, 0, 1, 1], type: 'DOUBLE' },
    { name: 'rep', data: [1n, 1n, 1n, 1n] },
    { name: 'sample', data: [0, 1, 0, 1], type: 'INT32' },
    { name: 'tag', data: ['x', 'x', 'x', 'y'] },
    { name: 'value', data: [1, 2, 3, 4], type: 'DOUBLE' },
    { name: 'class', data: ['ok', 'bad', null, 'bad'], nullable: true },
  ];
  const { readings, telemetry, issues } = await readFiles(
    { 'a.parquet': parquet(columns) },
    {
      source: {
        files: '*.parquet',
        asset: 'a',
        runColumn: ['run', 'rep'],
        timeColumn: 'sample',
        everyMs: 1000,
        startTime: '1970-01-01T00:00:00Z',
        labelColumn: 'class',
      },
    },
  );
  expect(issues).toEqual([]);
  expect(readings).toEqual({
    '0/1/a/x': [
      [0, 1],
      [1000, 2],
    ],
    '1/1/a/x': [[0, 3]],
    '1/1/a/y': [[1000, 4]],
  });
  expect(telemetry.intervals.map(({ run, class: name }) => [run, name])).toEqual([
    ['0/1', 'ok'],
    ['0/1', 'bad'],
    ['1/1', 'bad'],
  ]);
});

test('a cell of a typed table is told by row', async () => {
  const columns: Columns = [
    { name: 'time', data: [1, 2], type: 'DOUBLE' },
    { name: 'x', data: ['1', 'hot'] },
  ];
  const { issues } = await readFiles(
    { 'a.parquet': parquet(columns) },
    { source: { files: '*.parquet', asset: 'a' } },
  );
  expect(issues.map(({ field }) => field)).toEqual(['a.parquet:2:x']);
});

test('a damaged file is told by name, and the next one is read', async () => {
  const sound = parquet(WIDE);
  const folder = await writeFiles({
    'a.parquet': 'no Parquet at all',
    'b.parquet': sound.subarray(0, sound.length / 2),
    'c.parquet': sound,
  });
  const { issues, summary } = await readFolder(folder, SOURCE);
  expect(issues.map(({ field }) => field)).toEqual(['a.parquet', 'b.parquet']);
  expect(summary.files.map(({ readings }) => readings)).toEqual([0, 0, 8]);
});

test('a table without a column of times is refused by name', async () => {
  const columns: Columns = [{ name: 'x', data: [1], type: 'DOUBLE' }];
  const { issues } = await readFiles({ 'a.parquet': parquet(columns) }, SOURCE);
  expect(issues.map(({ field }) => field)).toEqual(['a.parquet']);
});
