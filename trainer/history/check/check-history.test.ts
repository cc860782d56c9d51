import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../testing/run-cli.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { loadHistory } from '../load-history.ts';
import { checkHistory } from './index.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-04-01T00:00:00Z');
const HOURS = 48;

const clock = (minutes: number) =>
  new Date(START + minutes * MINUTE).toISOString().slice(0, 16).replace('T', ' ');

/** Two days of a reading a minute; the incidents of a machine are hotter. */
function telemetry(incidents: readonly (readonly [from: number, to: number])[], gap = [0, 0]) {
  const lines = ['time,temperature [°C],running'];
  for (let minute = 0; minute < HOURS * 60; minute++) {
    const hour = minute / 60;
    if (hour >= gap[0] && hour < gap[1]) continue;
    const isHot = incidents.some(([from, to]) => hour >= from && hour < to);
    const wave = Math.round(100 * Math.sin(minute / 50)) / 100;
    lines.push(`${clock(minute)},${60 + wave + (isHot ? 9 : 0)},${hour % 24 < 20 ? 1 : 0}`);
  }
  return `${lines.join('\n')}\n`;
}

const INCIDENTS = [3, 15, 27, 39].map((hour) => [hour, hour + 3] as const);

const SHEET = [
  'asset,from,to,class',
  ...INCIDENTS.map(([from, to]) => `press-1,${clock(from * 60)},${clock(to * 60)},hot`),
  '',
].join('\n');

const PROJECT = [
  'model: press-line',
  'telemetry:',
  '  - files: telemetry/{asset}.csv',
  'labels: { files: labels.csv, otherwise: normal }',
  'topology: { lines: ["press-1 > oven-1 > packer"], kinds: { "press-*": press } }',
  '',
].join('\n');

const PLANT: Readonly<Record<string, string>> = {
  'plant.yaml': PROJECT,
  'labels.csv': SHEET,
  'telemetry/press-1.csv': telemetry(INCIDENTS),
  'telemetry/oven-1.csv': telemetry([], [10, 13]),
};

async function plantWith(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries({ ...PLANT, ...changes })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Names of elements that are opened and not closed in their order; empty for sound markup. */
function unbalanced(markup: string): string[] {
  const open: string[] = [];
  const body = markup.replace(/<style>.*?<\/style>/s, '');
  for (const [, closing, name, rest] of body.matchAll(/<(\/?)([a-z0-9]+)((?:"[^"]*"|[^">])*)>/gi)) {
    if (closing === '/') {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!rest.endsWith('/') && !['meta', 'input'].includes(name)) open.push(name);
  }
  return open;
}

test('checkHistory() tells files, channels, labels, line, features and split of a sound plant', async () => {
  const folder = await plantWith();
  const shares: number[] = [];
  const report = await checkHistory({ path: folder, onProgress: (_, share) => shares.push(share) });
  expect(report.issues).toEqual([]);
  expect(report).toMatchObject({
    ok: true,
    name: 'press-line',
    classes: ['hot', 'normal'],
    channels: ['temperature', 'running'],
    page: join(folder, 'check.html'),
  });
  expect([...report.assets].sort()).toEqual(['oven-1', 'press-1']);
  const { hot, normal } = report.windowsOf;
  expect(hot).toBeGreaterThan(100);
  expect(hot + normal).toBe(report.windows);
  const text = report.lines.join('\n');
  for (const part of [
    'files: 2 read, 5,580 rows',
    'temperature [°C]: 59 to 70',
    'every 1 min, 2 assets, one gap, 3.02 h of oven-1 from 2026-04-01 09:59',
    'hot: 4 intervals, 12 h',
    'topology: 3 assets, 1 without readings, 2 edges',
    'features.windowMs: 1800000',
    'channels.running.statistics: [last, mean, sinceChange]',
    'no problems found',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/split: [\d,]+ train, [\d,]+ validation, [\d,]+ test, [\d,]+ calibration/);
  expect(report.notes.join('\n')).toContain('no readings of packer');
  expect(shares.length).toBeGreaterThan(0);
  expect(Math.max(...shares)).toBeLessThanOrEqual(1);
});

test('checkHistory() writes a page in both languages that needs nothing else', async () => {
  const folder = await plantWith();
  const page = join(folder, 'pages', 'look.html');
  await checkHistory({ path: join(folder, 'plant.yaml'), page });
  const html = await readFile(page, 'utf8');
  expect(unbalanced(html)).toEqual([]);
  expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(html).not.toMatch(/<script|<link|src=|@import|url\(/);
  expect(html).toContain('<main lang="en" class="en">');
  expect(html).toContain('<main lang="ja" class="ja">');
  expect(html).toContain('クラスごとのラベル付き時間窓');
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  // A timeline of each machine, the line, and the classes, in each language.
  expect(html.match(/<svg /g)).toHaveLength(2 * (2 + 1 + 1));
  expect(html.match(/class="gap"/g)?.length).toBe(2 * 2);
  expect((await readdir(folder)).sort()).toEqual([
    'labels.csv',
    'pages',
    'plant.yaml',
    'telemetry',
  ]);
});

test('checkHistory() writes the same page for the same plant', async () => {
  const folder = await plantWith();
  const pages = ['a.html', 'b.html'].map((name) => join(folder, name));
  for (const page of pages) await checkHistory({ path: folder, page });
  const [first, second] = await Promise.all(pages.map((page) => readFile(page, 'utf8')));
  expect(second).toBe(first);
});

test('checkHistory() collects what is wrong everywhere, by file and line, and goes on', async () => {
  const folder = await plantWith({
    'labels.csv': `${SHEET}pres-1,${clock(0)},${clock(60)},hot\npress-1,${clock(200)},${clock(230)},cold\n`,
    'telemetry/oven-1.csv': `${telemetry([])}2026-04-09 00:00,warm,1\n`,
  });
  const report = await checkHistory({ path: folder, page: false });
  expect(report.ok).toBe(false);
  expect(report.page).toBeUndefined();
  const fields = report.issues.map(({ field }) => field);
  expect(fields).toContain('labels.csv:6:asset');
  expect(fields).toContain('labels.csv:7:from');
  expect(fields.some((field) => field.startsWith('telemetry/oven-1.csv:2882'))).toBe(true);
  expect(report.lines.join('\n')).toContain(`${report.issueCount} problems:`);
  expect(report.windowsOf.hot).toBeGreaterThan(100);
});

test.each<[string, string, string]>([
  [
    'an unknown rest',
    `${PROJECT.replace('otherwise: normal', 'otherwise: calm')}classes: [normal, hot]\n`,
    'plant.yaml:4:labels.otherwise',
  ],
  [
    'features that do not go together',
    `${PROJECT}features: { windowMs: 1000, strideMs: 5000 }\n`,
    'plant.yaml:6:features.strideMs',
  ],
  [
    'blocks shorter than windows',
    `${PROJECT}split: { blockMs: 60000 }\n`,
    'plant.yaml:6:split.blockMs',
  ],
  [
    'files that are not there',
    PROJECT.replace('telemetry/{asset}.csv', 'data/*.csv'),
    'plant.yaml:3:telemetry.0.files',
  ],
  [
    'a pattern that leaves the folder',
    PROJECT.replace('telemetry/{asset}.csv', '../{asset}.csv'),
    'plant.yaml:3:telemetry.0.files',
  ],
  [
    'a class of a label column that `classes` does not hold',
    `${PROJECT.replace('.csv', '.csv\n    labelColumn: running').replace(/labels:.*\n/, '')}classes: [normal, hot]\n`,
    'plant.yaml:6:classes',
  ],
  [
    'exclusive states that are no classes',
    `${PROJECT}exclusive: [[hot, normal], [hot, cold]]\n`,
    'plant.yaml:6:exclusive.1.1',
  ],
  ['a misspelt setting', PROJECT.replace('labels:', 'lables:'), 'plant.yaml:4:lables'],
])('checkHistory() reports %s, and loadHistory() refuses it alike', async (_, project, field) => {
  const path = await plantWith({ 'plant.yaml': project });
  const report = await checkHistory({ path, page: false });
  expect(report.ok).toBe(false);
  const [issue] = report.issues.filter((each) => each.field.startsWith(field));
  if (issue === undefined) throw new Error(JSON.stringify(report.issues));
  const { code, message } = issue;
  await expect(loadHistory({ path, seed: 1 })).rejects.toMatchObject({
    ...{ code, field: issue.field, allowed: issue.allowed },
    message: expect.stringContaining(message.replace(/^telemetry\.\d\.files/, '')),
  });
});

test('checkHistory() tells of a reference, and of machines that have no row for it', async () => {
  const reference = `${PROJECT}features: { reference: { samples: 2800 } }\n`;
  const report = await checkHistory({
    path: await plantWith({ 'plant.yaml': reference }),
    page: false,
  });
  expect(report.lines.join('\n')).toContain('in units of the first 2,800 readings of each channel');
  // The oven was silent for three hours of its two days.
  expect(report.notes).toContain(
    'oven-1: no window, for temperature has 2,700 readings, fewer than the 2,800 of features.reference.',
  );
  expect(report.windows).toBeGreaterThan(0);
  expect(report.windows).toBeLessThan(20);
});

test('checkHistory() says what a plant without labels needs, and shows the rest', async () => {
  const folder = await plantWith({
    'plant.yaml': 'model: press-line\ntelemetry:\n  - files: telemetry/{asset}.csv\n',
  });
  const report = await checkHistory({ path: folder, page: false });
  expect(report.notes.join('\n')).toContain('Nothing is labelled yet');
  expect(report.windows).toBeGreaterThan(500);
});

test('checkHistory() shows names of any kind as text', async () => {
  const name = '<script>alert(1)</script>&"';
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const folder = await plantWith({ 'labels.csv': SHEET.replaceAll(',hot', `,${quoted}`) });
  const report = await checkHistory({ path: folder });
  expect(report.classes).toContain(name);
  const html = await readFile(report.page!, 'utf8');
  expect(html).not.toContain('<script');
  expect(unbalanced(html)).toEqual([]);
});

test('checkHistory() stops when it is told to', async () => {
  const path = await plantWith();
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(checkHistory({ path, page: false, signal })).rejects.toThrow('enough');
});

test('checkHistory() refuses a page that cannot be written', async () => {
  const folder = await plantWith();
  const page = join(folder, 'labels.csv', 'check.html');
  await expect(checkHistory({ path: folder, page })).rejects.toThrow(
    expect.objectContaining({ code: 'option-invalid', field: '--page' }),
  );
});

test('dandan data check takes a project, with 0 for sound data and 1 for problems', async () => {
  const folder = await plantWith();
  const sound = await runCli(['data', 'check', folder, '--json']);
  expect(sound.code).toBe(0);
  expect(JSON.parse(sound.stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({
    ok: true,
    page: join(folder, 'check.html'),
  });
  expect(sound.stderr).toContain('no problems found');
  await writeFile(join(folder, 'labels.csv'), 'asset,from,to\n');
  const broken = await runCli(['data', 'check', folder, '--no-page']);
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain("labels.csv has no column 'class'");
  expect(broken.stdout).not.toContain('page with plots');
}, 60_000);
