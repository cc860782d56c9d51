import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refuseFirst } from '../../data/issues.ts';
import { projectSchema } from '../project/index.ts';
import { readTelemetry } from './read-telemetry.ts';
import { readFiles, readFolder, writeFiles } from './testing/read-files.ts';

/** 2026-01-05T06:00:00Z. */
const T0 = 1_767_592_800_000;

const WIDE = `time,asset,flow,pressure
2026-01-05T06:00:00Z,press-1,1.5,2
2026-01-05T06:00:10Z,press-1,,-3e2
`;

const EXPECTED = {
  '/press-1/flow': [[T0, 1.5]],
  '/press-1/pressure': [
    [T0, 2],
    [T0 + 10_000, -300],
  ],
};

test('a wide table is one series a channel, without what is missing', async () => {
  const { readings, telemetry, issues } = await readFiles({ 'a.csv': WIDE });
  expect(issues).toEqual([]);
  expect(readings).toEqual(EXPECTED);
  expect(telemetry).toMatchObject({
    assets: ['press-1'],
    channels: [
      { name: 'flow', unit: '' },
      { name: 'pressure', unit: '' },
    ],
    runs: [{ name: '' }],
    intervals: [],
  });
});

test.each<[string, string, string | Uint8Array]>([
  ['a byte-order mark and CRLF', 'a.csv', `\ufeff${WIDE.replaceAll('\n', '\r\n')}`],
  ['gzip', 'a.csv.gz', gzipSync(WIDE)],
  ['tabs', 'a.tsv', WIDE.replaceAll(',', '\t')],
  ['semicolons', 'a.csv', WIDE.replaceAll(',', ';')],
  ['quoted fields', 'a.csv', WIDE.replaceAll(/([\w.:-]+)(?=[,\n])/g, '"$1"')],
  ['a delimiter that Excel declares', 'a.csv', `sep=|\n${WIDE.replaceAll(',', '|')}`],
  ['a preamble, comments and empty lines', 'a.csv', `Logger 7\n\n#v2\n${WIDE}# end\n\n,,,\n`],
  ['fields behind the last title', 'a.csv', WIDE.replaceAll('\n', ',\n').replace(',\n', '\n')],
  ['no final line end', 'a.csv', WIDE.trimEnd()],
  ['UTF-16 as Excel writes it', 'a.csv', Buffer.from(`\ufeff${WIDE}`, 'utf16le')],
])('a table with %s is read alike', async (_, name, content) => {
  const { readings, issues } = await readFiles({ [name]: content }, { source: { files: '*' } });
  expect(issues).toEqual([]);
  expect(readings).toEqual(EXPECTED);
});

test('a long table with decimal commas and units gives the same series', async () => {
  const long = `ts;machine;tag;value;unit
1767592800;press-1;flow;1,5;
1767592800;press-1;pressure;2;bar
1767592810;press-1;flow;;
1767592810;press-1;pressure;-30000;kPa
`;
  const { readings, summary } = await readFiles(
    { 'a.csv': long },
    { source: { decimalComma: true } },
  );
  expect(readings).toEqual(EXPECTED);
  expect(summary.channels[1]).toMatchObject({ unit: 'bar', unitsFound: ['bar', 'kPa'] });
  expect(summary.files[0]).toMatchObject({ layout: 'long', delimiter: ';', readings: 3 });
});

test('units come from the title, a line below it, or the columns, and become the channel’s', async () => {
  const { readings, summary, issues } = await readFiles(
    {
      'a.csv': 'time,Temp [°F],flow\n0,212,1\n',
      'b.csv': 'time,Temp,flow\n,°C,L/min\n1000,50,2\n',
      'c.csv': 'time,Temp,flow\n2000,300,3\n',
    },
    {
      source: [
        { files: ['a.csv', 'b.csv'], asset: 'oven', timeUnit: 'ms' },
        {
          files: 'c.csv',
          asset: 'oven',
          timeUnit: 'ms',
          columns: { Temp: { channel: 'Temp', unit: 'K' } },
        },
      ],
      project: { channels: [{ name: 'Temp', unit: '°C' }] },
    },
  );
  expect(issues).toEqual([]);
  expect(readings['/oven/Temp']).toEqual([
    [0, 100],
    [1000, 50],
    [2000, 26.85],
  ]);
  expect(summary.files[1].unitsLine).toBe(2);
  expect(summary.channels.map(({ name, unit }) => [name, unit])).toEqual([
    ['Temp', '°C'],
    ['flow', 'L/min'],
  ]);
  expect(summary.unlisted).toEqual(['flow']);
});

test('a unit that cannot become the channel’s is told once, and its column left out', async () => {
  const { issues, codes, readings } = await readFiles(
    { 'a.csv': 'time,Temp [bar],flow\n0,1,1\n1000,2,2\n' },
    {
      source: { asset: 'oven', timeUnit: 'ms' },
      project: { channels: [{ name: 'Temp', unit: '°C' }] },
    },
  );
  expect(codes).toEqual(['unit-unknown']);
  expect(issues[0]).toMatchObject({ field: 'a.csv:1:Temp [bar]' });
  expect(Object.keys(readings)).toEqual(['/oven/flow']);
});

test('samples are sorted, and the last of several for one time counts', async () => {
  const { readings, summary } = await readFiles(
    {
      'a.csv': 'time,flow\n3000,3\n1000,1\n1000,1.5\n2000,2\n',
      'b.csv': 'time,flow\n2000,20\n4000,4\n',
    },
    { source: { asset: 'a', timeUnit: 'ms' } },
  );
  expect(readings['/a/flow']).toEqual([
    [1000, 1.5],
    [2000, 20],
    [3000, 3],
    [4000, 4],
  ]);
  expect(summary.files.map(({ duplicates }) => duplicates)).toEqual([1, 1]);
  expect(summary.files[0].outOfOrder).toBe(1);
  expect(summary.channels[0].duplicates).toBe(2);
});

test('whatever the order of rows and files, the series are those of a sorted table', async () => {
  const rows = fc.uniqueArray(fc.record({ t: fc.nat(1e6), v: fc.nat(1e6) }), {
    selector: ({ t }) => t,
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(), async (list, cut) => {
      const at = cut % (list.length + 1);
      const table = (part: typeof list) =>
        `time,flow\n${part.map(({ t, v }) => `${t},${v / 8}\n`).join('')}`;
      const { readings, issues } = await readFiles(
        { 'a.csv': table(list.slice(0, at)), 'b.csv': table(list.slice(at)) },
        { source: { asset: 'a', timeUnit: 'ms' } },
      );
      const sorted = list.toSorted((a, b) => a.t - b.t).map(({ t, v }) => [t, v / 8]);
      expect(issues).toEqual([]);
      expect(readings['/a/flow']).toEqual(sorted);
    }),
    { numRuns: 25 },
  );
});

test('names of files say asset, run and set, whatever the depth', async () => {
  const table = 'time,flow\n1000,1\n';
  const { readings, telemetry } = await readFiles(
    { 'train/r1/press-1.csv': table, 'test/r2/press-2.csv': table },
    { source: { files: '{set}/{run}/{asset}.csv', timeUnit: 'ms' } },
  );
  expect(Object.keys(readings).sort()).toEqual(['r1/press-1/flow', 'r2/press-2/flow']);
  expect(telemetry.runs).toEqual([
    { name: 'r2', set: 'test' },
    { name: 'r1', set: 'train' },
  ]);
  const twice = await readFiles(
    { 'valve1/0.csv': table, 'valve2/0.csv': table },
    { source: { files: '{run}/{run}.csv', asset: 'rig', timeUnit: 'ms' } },
  );
  expect(twice.telemetry.runs.map(({ name }) => name)).toEqual(['valve1/0', 'valve2/0']);
});

test('columns say run, set and class; classes become stretches', async () => {
  const lines = [
    'batch,set,sample,state,flow,note',
    ...[0, 1, 2].map((i) => `b1,train,${i},0.0,${i},x`),
    ...[3, 4].map((i) => `b1,train,${i},1.0,${i},x`),
    'b1,train,5,,5,x',
    'b1,train,6,0.0,6,x',
    ...[0, 1].map((i) => `b2,testing,${i},1.0,${i},x`),
  ];
  const { telemetry, issues } = await readFiles(
    { 'a.csv': lines.join('\n') },
    {
      source: {
        asset: 'rig',
        timeColumn: 'sample',
        everyMs: 180_000,
        startTime: '2026-01-05T06:00:00Z',
        runColumn: 'batch',
        setColumn: 'set',
        labelColumn: 'state',
        labelNames: { 0: 'normal', 1: 'leak' },
        ignore: ['note'],
      },
    },
  );
  expect(issues).toEqual([]);
  expect(telemetry.runs).toEqual([
    { name: 'b1', set: 'train' },
    { name: 'b2', set: 'test' },
  ]);
  const at = (sample: number) => T0 + 180_000 * sample;
  const b1 = { asset: 'rig', run: 'b1' };
  expect(telemetry.intervals).toEqual([
    { ...b1, from: at(0), to: at(3) - 1, class: 'normal' },
    { ...b1, from: at(3), to: at(5) - 1, class: 'leak' },
    { ...b1, from: at(6), to: at(6) + 180_000, class: 'normal' },
    { asset: 'rig', run: 'b2', from: at(0), to: at(1) + 180_000, class: 'leak' },
  ]);
  expect(telemetry.series.map(({ run, times }) => [run, times.length])).toEqual([
    [0, 7],
    [1, 2],
  ]);
});

test('a table whose columns are of several assets names them by columns', async () => {
  const source = {
    columns: {
      P1_T: { channel: 'temperature', asset: 'press-1' },
      P2_T: { channel: 'temperature', asset: 'press-2' },
    },
    otherColumns: 'ignore' as const,
    timeUnit: 'ms' as const,
  };
  const { readings } = await readFiles({ 'a.csv': 'time,P1_T,P2_T,x\n1,2,3,4\n' }, { source });
  expect(readings).toEqual({ '/press-1/temperature': [[1, 2]], '/press-2/temperature': [[1, 3]] });
  const long = 'time,tag,value\n1,P1_T,2\n1,P2_T,3\n1,other,9\n';
  expect((await readFiles({ 'a.csv': long }, { source })).readings).toEqual(readings);
});

const WITH_ASSET = { source: { asset: 'a' } };

test.each<[string, string, object, string]>([
  ['a value that is none', 'time,flow\n1,2\n2,hot\n', WITH_ASSET, 'a.csv:3:flow'],
  ['a time that is none', 'time,flow\nyesterday,2\n', WITH_ASSET, 'a.csv:2:time'],
  ['an asset that is no name', 'time,asset,flow\n1,a/b,2\n', {}, 'a.csv:2:asset'],
  ['a row that is too short', 'time,asset,flow\n1,a\n', {}, 'a.csv:2'],
  ['a quote that does not end', 'time,flow\n1,"2\n', WITH_ASSET, 'a.csv:2'],
  ['a title twice', 'time,flow,flow\n1,2,3\n', WITH_ASSET, 'a.csv:1:flow'],
  ['two titles of one channel', 'time,my flow,my_flow\n1,2,3\n', WITH_ASSET, 'a.csv:1:my_flow'],
  ['a title that no channel has', 'time,流量\n1,2\n', WITH_ASSET, 'a.csv:1:流量'],
  ['no time column', 'asset,flow\na,1\n', {}, 'a.csv:1'],
  ['no asset', 'time,flow\n1,2\n', {}, 'a.csv:1'],
  ['no channel', 'time,asset\n1,a\n', {}, 'a.csv:1'],
  ['an infinite value', 'time,flow\n1,9e999\n', WITH_ASSET, 'a.csv:2:flow'],
  ['nothing', '', WITH_ASSET, 'a.csv:1'],
  ['one word', 'hello\n', WITH_ASSET, 'a.csv:1'],
  [
    'a set that is none',
    'time,s,x\n1,new,2\n',
    { source: { asset: 'a', setColumn: 's' } },
    'a.csv:2:s',
  ],
  ['bytes that are not UTF-8', '', WITH_ASSET, 'a.csv:2'],
])('a table with %s is told by file, line and column', async (what, text, options, field) => {
  const bytes = Buffer.from('time,flow\n1,\xff\n', 'latin1');
  const content = what === 'bytes that are not UTF-8' ? bytes : text;
  const { issues, codes, summary } = await readFiles({ 'a.csv': content }, options);
  expect(issues.map((issue) => issue.field)).toEqual([field]);
  expect(codes).toEqual(['data-invalid']);
  expect(issues[0].allowed).toMatch(/./);
  expect(summary.files).toHaveLength(1);
});

test('a header alone is a table without rows', async () => {
  const { issues, summary, telemetry } = await readFiles({ 'a.csv': 'time,flow\n' }, WITH_ASSET);
  expect(issues).toEqual([]);
  expect(summary.files[0]).toMatchObject({ rows: 0, firstTime: undefined, layout: 'wide' });
  expect(telemetry.series).toEqual([]);
});

test('Shift_JIS is read where it is stated, and asked for where it is not', async () => {
  // 時刻,流量
  const titles = Buffer.from([0x8e, 0x9e, 0x8d, 0x8f, 0x2c, 0x97, 0xac, 0x97, 0xca, 0x0a]);
  const bytes = Buffer.concat([titles, Buffer.from('2026-01-05 15:00,1.5\n')]);
  const source = { asset: 'a', timeColumn: '時刻', columns: { 流量: 'flow' } };
  const project = { timeZone: 'Asia/Tokyo' };
  const stated = { source: { ...source, encoding: 'shift_jis' as const }, project };
  expect((await readFiles({ 'a.csv': bytes }, stated)).readings).toEqual({
    '/a/flow': [[T0, 1.5]],
  });
  const { issues } = await readFiles({ 'a.csv': bytes }, { source, project });
  expect(issues).toEqual([
    { field: 'a.csv:1', value: undefined, allowed: expect.stringContaining('shift_jis') },
  ]);
});

test('a file of nothing but problems is given up, and the next one is read', async () => {
  const bad = `time,flow\n${'x,1\n'.repeat(1000)}`;
  const { summary, readings } = await readFiles(
    { 'a.csv': bad, 'b.csv': 'time,flow\n1,1\n' },
    WITH_ASSET,
  );
  expect(summary.files.map(({ rows }) => rows)).toEqual([200, 1]);
  expect(Object.keys(readings)).toEqual(['/a/flow']);
});

test.each(['../*.csv', '/etc/*.csv', 'a/../../*.csv', 'C:/x.csv', 'a\\b.csv', '{machine}.csv'])(
  'the pattern %s is refused',
  async (files) => {
    await expect(readFiles({}, { source: { files } })).rejects.toMatchObject({
      code: 'option-invalid',
      field: 'telemetry.0.files',
      value: files,
    });
  },
);

test('links are followed within the folder and refused out of it', async () => {
  const outside = await writeFiles({ 'secret.csv': WIDE });
  const folder = await writeFiles({ 'data/a.csv': WIDE });
  await symlink(join(outside, 'secret.csv'), join(folder, 'data/b.csv'));
  await symlink(outside, join(folder, 'elsewhere'));
  await symlink(join(folder, 'data/a.csv'), join(folder, 'data/c.csv'));
  await symlink(join(folder, 'missing'), join(folder, 'data/d.csv'));
  const { issues, summary } = await readFolder(folder, { source: { files: '*/*.csv' } });
  expect(issues.map(({ field }) => field)).toEqual(['data/b.csv', 'elsewhere']);
  expect(summary.files.map(({ name }) => name)).toEqual(['data/a.csv', 'data/c.csv']);
});

test('an abort ends the reading with its reason, also within a file', async () => {
  const folder = await writeFiles({ 'a.csv': `time,flow\n${'1,1\n'.repeat(200_000)}` });
  const controller = new AbortController();
  const project = projectSchema.parse({
    model: 'line',
    telemetry: [{ files: '*.csv', asset: 'a' }],
  });
  let told = 0;
  const reading = readTelemetry({
    project,
    folder,
    issues: refuseFirst,
    signal: controller.signal,
    onProgress(share) {
      told = share;
      if (share > 0) controller.abort(new Error('stop'));
    },
  });
  await expect(reading).rejects.toThrow('stop');
  expect(told).toBeLessThan(1);
});

test('what no file is called, and files that are no tables, are told', async () => {
  const { issues } = await readFiles({ 'a.xlsx': 'x' }, { source: { files: ['*', 'b/*.csv'] } });
  expect(issues.map(({ field, value }) => [field, value])).toEqual([
    ['a.xlsx', 'a.xlsx'],
    ['telemetry.0.files', '*'],
    ['telemetry.0.files', 'b/*.csv'],
  ]);
});
