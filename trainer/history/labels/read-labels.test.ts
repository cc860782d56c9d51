import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectIssues } from '../../data/issues.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { createNotes } from '../notes.ts';
import { readProject } from '../project/index.ts';
import { MADE_START, madeTelemetry } from '../testing/made-telemetry.ts';
import { classNames, readLabels } from './index.ts';

const PROJECT = 'model: line\ntimeZone: Asia/Tokyo\ntelemetry:\n  - files: "*.csv"\n';
const HOUR = 3_600_000;

/** A day of two machines from midnight of UTC, which is nine in Tokyo. */
const TELEMETRY = madeTelemetry({
  assets: ['press-1', 'oven-1'],
  channels: [{ name: 'temperature', everyMs: HOUR, valueAt: (i) => i }],
  lengthMs: 24 * HOUR,
});

async function read(
  sheets: Readonly<Record<string, string | Uint8Array>>,
  more = 'labels: { files: labels*.csv }\n',
  telemetry = TELEMETRY,
  layout = '',
) {
  const folder = await temporaryFolder();
  const source = layout === '' ? '' : `    ${layout}\n`;
  await writeFile(join(folder, 'plant.yaml'), PROJECT + source + more);
  for (const [name, text] of Object.entries(sheets)) await writeFile(join(folder, name), text);
  const issues = collectIssues();
  const notes = createNotes();
  const project = await readProject(folder);
  const intervals = await readLabels({ ...project, telemetry, issues, notes, strideMs: 60_000 });
  return { intervals, issues: issues.issues, notes: notes.sentences, project };
}

const sheet = (...lines: string[]) => ['asset,from,to,class', ...lines, ''].join('\n');

test('readLabels() reads several sheets in the zone of the plant, with open ends and all machines', async () => {
  const { intervals, issues, notes } = await read({
    'labels-1.csv': sheet(
      'press-1,2026-04-01 10:00,2026-04-01 11:00:30,worn',
      '*,2026-04-01T03:00:00Z,2026-04-01T12:30:00+09:00,stop',
    ),
    'labels-2.csv': sheet(',2026/4/1 21:00,,broken'),
  });
  expect(issues).toEqual([]);
  expect(notes).toEqual([]);
  expect(intervals).toEqual([
    {
      asset: 'press-1',
      run: undefined,
      from: MADE_START + HOUR,
      to: MADE_START + 2 * HOUR + 30_000,
      class: 'worn',
      place: 'labels-1.csv:2',
      isOpen: false,
      note: '',
    },
    {
      asset: undefined,
      run: undefined,
      from: MADE_START + 3 * HOUR,
      to: MADE_START + 3.5 * HOUR,
      class: 'stop',
      place: 'labels-1.csv:3',
      isOpen: false,
      note: '',
    },
    {
      asset: undefined,
      run: undefined,
      from: MADE_START + 12 * HOUR,
      to: Number.POSITIVE_INFINITY,
      class: 'broken',
      place: 'labels-2.csv:2',
      isOpen: true,
      note: '',
    },
  ]);
});

test('readLabels() reads what spreadsheets write: separators, a byte order mark, durations', async () => {
  const { intervals, issues } = await read({
    'labels.csv':
      '\uFEFFMachine;Start;Duration;State;Comment\r\npress-1;2026/04/01 10:00;1,5 h;worn;"heard; twice"\r\n;;;;\r\n',
  });
  expect(issues).toEqual([]);
  expect(intervals).toMatchObject([
    {
      asset: 'press-1',
      from: MADE_START + HOUR,
      to: MADE_START + 2.5 * HOUR,
      note: 'heard; twice',
    },
  ]);
});

test('readLabels() reads dates as people write them', async () => {
  const times = ['2026年4月1日 10時00分', '1.4.2026 10:00', '1-Apr-2026 10:00', '20260401T100000'];
  const lines = times.map((time) => `press-1,${time},2026-04-01 10:30,worn`);
  const { intervals, issues } = await read({ 'labels.csv': sheet(...lines) });
  expect(issues).toEqual([]);
  expect(intervals.map(({ from }) => from)).toEqual(times.map(() => MADE_START + HOUR));
});

test('readLabels() takes the zone of the sheets where they have one', async () => {
  const more = 'labels: { files: labels.csv, timeZone: UTC }\n';
  const text = sheet('press-1,2026-04-01 10:00,2026-04-01 11:00,worn');
  expect((await read({ 'labels.csv': text }, more)).intervals[0].from).toBe(MADE_START + 10 * HOUR);
});

test('classNames() lists those of the project, or of the labels and the rest', async () => {
  const text = sheet(
    'press-1,2026-04-01 10:00,2026-04-01 11:00,worn',
    'press-1,2026-04-01 12:00,2026-04-01 13:00,broken',
  );
  const { intervals, project } = await read({ 'labels.csv': text });
  expect(classNames(project.project, intervals)).toEqual(['broken', 'worn']);
  const labels = { otherwise: 'normal' };
  expect(classNames({ classes: undefined, labels }, intervals)).toEqual([
    'broken',
    'normal',
    'worn',
  ]);
  const classes = ['worn', 'broken'];
  expect(classNames({ classes, labels }, intervals)).toBe(classes);
});

test.each([
  ['no time', 'press-1,,2026-04-01 11:00,worn', 'from', "'to' may be left open"],
  ['no such day', 'press-1,2026-04-31 10:00,,worn', 'from', '2026-04-01 08:30'],
  ['no such hour', 'press-1,2026-04-01 25:00,,worn', 'from', '2026-04-01 08:30'],
  ['words', 'press-1,yesterday,,worn', 'from', '2026-04-01 08:30'],
  ['a date of either order', 'press-1,05/01/2026 10:00,,worn', 'from', 'begins with its year'],
  ['an end before', 'press-1,2026-04-01 12:00,2026-04-01 11:00,worn', 'to', "after 'from'"],
  ['no class', 'press-1,2026-04-01 10:00,2026-04-01 11:00,', 'class', 'name of a class'],
  ['a strange machine', 'pres-1,2026-04-01 10:00,2026-04-01 11:00,worn', 'asset', 'one of press-1'],
  [
    'a time without readings',
    'press-1,2026-03-01 10:00,2026-03-01 11:00,worn',
    'from',
    '2026-04-01 09:00',
  ],
])('readLabels() reports %s by file, line and column', async (_, line, column, allowed) => {
  const { issues } = await read({ 'labels.csv': sheet('oven-1,2026-04-01 10:00,,worn', line) });
  expect(issues).toHaveLength(1);
  expect(issues[0]).toMatchObject({ code: 'data-invalid', field: `labels.csv:3:${column}` });
  expect(issues[0].allowed).toContain(allowed);
});

test('readLabels() knows what clocks of summer time show', async () => {
  const telemetry = madeTelemetry({
    assets: ['a'],
    channels: [{ name: 'c', everyMs: HOUR, valueAt: (i) => i }],
    start: Date.parse('2026-10-24T00:00:00Z'),
    lengthMs: 72 * HOUR,
  });
  const more = 'labels: { files: labels.csv, timeZone: Europe/Berlin }\n';
  const once = await read(
    { 'labels.csv': sheet('a,2026-10-25 02:30,2026-10-25 03:30,worn') },
    more,
    telemetry,
  );
  expect(once.intervals[0]).toMatchObject({
    from: Date.parse('2026-10-25T00:30:00Z'),
    to: Date.parse('2026-10-25T02:30:00Z'),
  });
  const never = await read({ 'labels.csv': sheet('a,2026-03-29 02:30,,worn') }, more, telemetry);
  expect(never.issues[0].allowed).toContain('exists in Europe/Berlin');
});

test('readLabels() names both lines of an overlap of different classes, and takes equal ones', async () => {
  const { issues } = await read({
    'labels.csv': sheet(
      'press-1,2026-04-01 10:00,2026-04-01 12:00,worn',
      'press-1,2026-04-01 11:00,2026-04-01 13:00,worn',
      'press-1,2026-04-01 12:00,2026-04-01 14:00,broken',
      'oven-1,2026-04-01 12:00,2026-04-01 14:00,broken',
      '*,2026-04-01 14:00,2026-04-01 15:00,stop',
    ),
  });
  expect(issues).toHaveLength(1);
  expect(issues[0]).toMatchObject({
    field: 'labels.csv:4:from',
    value: 'both from 2026-04-01 12:00 on',
  });
  expect(issues[0].message).toContain('labels.csv:3');
});

test('readLabels() holds sheets against the labels of the files themselves', async () => {
  const telemetry = {
    ...TELEMETRY,
    intervals: [
      { asset: 'press-1', run: '', from: MADE_START, to: MADE_START + 2 * HOUR, class: 'normal' },
    ],
  };
  const text = sheet('press-1,2026-04-01 10:00,2026-04-01 10:30,worn');
  const { issues } = await read({ 'labels.csv': text }, undefined, telemetry);
  expect(issues).toHaveLength(1);
  expect(issues[0].message).toContain("the files' column of classes");
});

test('readLabels() reports an unknown class with the one that may be meant', async () => {
  const more = 'labels: { files: labels.csv }\nclasses: [normal, bearing-wear]\n';
  const text = sheet('press-1,2026-04-01 10:00,2026-04-01 11:00,bearing-waer');
  const { issues } = await read({ 'labels.csv': text }, more);
  expect(issues[0]).toMatchObject({ field: 'labels.csv:2:class', value: 'bearing-waer' });
  expect(issues[0].allowed).toMatch(/^one of bearing-wear/);
});

test('readLabels() reports a missing file, an empty pattern and a missing column', async () => {
  const missing = await read({}, 'labels: { files: sheet.csv }\n');
  expect(missing.issues).toMatchObject([{ code: 'data-missing', field: 'sheet.csv' }]);
  const none = await read({});
  expect(none.issues).toMatchObject([{ code: 'data-missing', field: 'plant.yaml:5:labels.files' }]);
  const untitled = await read({ 'labels.csv': 'asset,from,to\npress-1,2026-04-01,\n' });
  expect(untitled.issues).toMatchObject([{ field: 'labels.csv:1:class' }]);
  const japanese = await read({ 'labels.csv': Uint8Array.of(0x8e, 0x9e, 0x8a, 0xd4, 0x0a) });
  expect(japanese.issues[0].allowed).toContain('CSV UTF-8');
});

test('readLabels() tells what is doubtful', async () => {
  const { notes, issues } = await read({
    'labels-1.csv': 'asset,from,to,class,who\n',
    'labels-2.csv': sheet(
      'press-1,2026-04-01 08:00,2026-04-01 10:00,worn',
      'press-1,2026-04-01 12:00,2026-04-01 12:00:30,worn',
    ),
  });
  expect(issues).toEqual([]);
  expect(notes.join('\n')).toContain('labels-1.csv: columns that nobody reads: who.');
  expect(notes.join('\n')).toContain('labels-1.csv has no line with a label yet.');
  expect(notes.join('\n')).toContain('labels-2.csv:2: reaches beyond the readings of press-1');
  expect(notes.join('\n')).toContain('labels-2.csv:3: 30 s are less than the 60 s');
});

test('readLabels() answers any sheet with intervals or issues of its file', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', '*', 'press-1', 'worn', '2026-04-01 10:00', '"', '1e9'),
    fc.string({ maxLength: 8 }),
  );
  const line = fc.array(cell, { minLength: 3, maxLength: 5 }).map((cells) => cells.join(','));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
      const { intervals, issues } = await read({ 'labels.csv': sheet(...lines) });
      for (const { field } of issues) expect(field).toMatch(/^labels\.csv/);
      for (const { from, to } of intervals) expect(from).toBeLessThanOrEqual(to);
    }),
    { numRuns: 40 },
  );
});

test('sheets may have Japanese titles and the names that telemetry files give machines', async () => {
  const { intervals, issues } = await read(
    {
      'labels-1.csv':
        '設備,開始,終了,状態,備考\n"Press No. 1",2026-04-01 10:00,2026-04-01 11:00,worn,交換\noven-1,2026-04-01 10:00,,stop,\n',
    },
    'labels: { files: labels*.csv }\n',
    TELEMETRY,
    'assets: { "Press No. 1": press-1 }',
  );
  expect(issues).toEqual([]);
  expect(intervals).toMatchObject([
    { asset: 'press-1', class: 'worn', note: '交換' },
    { asset: 'oven-1', class: 'stop', isOpen: true },
  ]);
});
