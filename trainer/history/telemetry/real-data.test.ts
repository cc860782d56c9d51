// Reads two public histories where a machine has them: set DANDAN_DATA to the folder of factory/.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readFolder } from './testing/read-files.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FACTORY = join(resolve(ROOT, process.env.DANDAN_DATA ?? '../shared/data'), 'factory');

test('Tennessee Eastman holds its published runs, sets and faults', { timeout: 60_000 }, async ({
  skip,
}) => {
  const folder = join(FACTORY, 'tep');
  if (!existsSync(folder)) skip('DANDAN_DATA names no folder with factory/tep');
  const { telemetry, issues, summary } = await readFolder(folder, {
    source: {
      files: 'data.csv.gz',
      asset: 'process',
      timeColumn: 'sample',
      everyMs: 180_000,
      startTime: '2020-01-01T00:00:00Z',
      runColumn: 'run',
      setColumn: 'set',
      labelColumn: 'active_fault',
      ignore: ['fault'],
    },
  });
  expect(issues).toEqual([]);
  const { runs, channels, series, intervals } = telemetry;
  expect([runs.length, channels.length, series.length]).toEqual([44, 52, 44 * 52]);
  expect(runs.filter(({ set }) => set === 'train')).toHaveLength(22);
  expect(summary.files[0]).toMatchObject({ rows: 31_700, readings: 31_700 * 52 });
  const lengths = series.map(({ times }) => times.length);
  expect(new Set(lengths)).toEqual(new Set([500, 480, 960]));
  // Faults of test runs begin at sample 160, and hold to the end.
  const start = Date.UTC(2020, 0);
  const tested = intervals.filter(({ run }) => run === 'd01_te');
  expect(tested.map(({ class: name }) => name)).toEqual(['0', '1']);
  expect(tested[1].from).toBe(start + 160 * 180_000);
  expect(tested[1].to).toBe(start + 960 * 180_000);
});

test('the rig of SKAB holds its files, with an anomaly column and gaps', {
  timeout: 60_000,
}, async ({ skip }) => {
  const folder = join(FACTORY, 'skab');
  if (!existsSync(folder)) skip('DANDAN_DATA names no folder with factory/skab');
  const { telemetry, issues, summary } = await readFolder(folder, {
    source: {
      files: 'data.csv.gz',
      asset: 'rig',
      timeColumn: 'datetime',
      runColumn: 'file',
      labelColumn: 'anomaly',
      labelNames: { 0: 'normal', 1: 'anomaly' },
      ignore: ['changepoint'],
    },
  });
  expect(issues).toEqual([]);
  expect([telemetry.runs.length, telemetry.channels.length]).toEqual([35, 8]);
  expect(summary.files[0].readings).toBe(46_806 * 8);
  expect(new Set(telemetry.intervals.map(({ class: name }) => name))).toEqual(
    new Set(['normal', 'anomaly']),
  );
  // The run without anomalies states no class.
  const plain = telemetry.runs.findIndex(({ name }) => name.startsWith('anomaly-free'));
  expect(summary.runs[plain].labelled).toEqual([]);
  expect(summary.channels.every(({ typicalIntervalMs }) => typicalIntervalMs === 1000)).toBe(true);
});
