import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadHistory } from '../history/load-history.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkData } from './check-data.ts';
import { findTelemetry } from './find-telemetry.ts';
import { loadData } from './load-data.ts';

async function folderWith(...names: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), 'time,temperature\n2026-01-05T00:00:00Z,21\n');
  }
  return folder;
}

test('findTelemetry() names tables, also in folders and packed, and counts many', async () => {
  const few = await folderWith('2026/press-1.csv.gz', 'Export.CSV', 'notes.md', 'b.parquet');
  expect(await findTelemetry(few)).toBe('2026/press-1.csv.gz, Export.CSV, b.parquet');
  expect(await findTelemetry(join(few, 'Export.CSV'))).toBe('Export.CSV');
  const many = await folderWith(...Array.from({ length: 7 }, (_, day) => `day-${day}.csv`));
  expect(await findTelemetry(many)).toBe(
    'day-0.csv, day-1.csv, day-2.csv, day-3.csv, day-4.csv, … (7 files)',
  );
});

test('findTelemetry() sees nothing where there is nothing', async () => {
  const folder = await folderWith('notes.md', 'a/b/c/d/too-deep.csv');
  expect(await findTelemetry(folder)).toBeUndefined();
  expect(await findTelemetry(join(folder, 'notes.md'))).toBeUndefined();
  expect(await findTelemetry(join(folder, 'nowhere'))).toBeUndefined();
});

test('readings without a plant.yaml are refused with what to do, by the check and by training', async () => {
  const folder = await folderWith('press-1.csv', 'press-2.csv');
  const wanted = {
    code: 'data-invalid',
    message: expect.stringContaining('no plant.yaml says what they are'),
    value: 'press-1.csv, press-2.csv',
    allowed: expect.stringContaining('`dandan init plant NEW`'),
  };
  const report = await checkData({ path: folder });
  expect(report.issues).toEqual([expect.objectContaining(wanted)]);
  await expect(loadData({ data: folder, seed: 1 })).rejects.toMatchObject(wanted);
  await expect(loadData({ data: join(folder, 'press-1.csv'), seed: 1 })).rejects.toMatchObject({
    ...wanted,
    value: 'press-1.csv',
  });
  const { code, stdout } = await runCli(['data', 'check', folder]);
  expect(code).toBe(1);
  expect(stdout).toContain('press-1.csv, press-2.csv');
  expect(stdout).toContain('dandan init plant');
});

test('a folder below a project is told where the project is', async () => {
  const folder = await folderWith('telemetry/press-1.csv');
  await writeFile(
    join(folder, 'plant.yaml'),
    'model: a\ntelemetry: [{ files: telemetry/*.csv }]\n',
  );
  await expect(loadData({ data: join(folder, 'telemetry'), seed: 1 })).rejects.toMatchObject({
    allowed: expect.stringContaining(`'${folder}'`),
  });
  // The project itself is read: it only lacks labels.
  await expect(loadHistory({ path: folder, seed: 1 })).rejects.not.toMatchObject({ field: 'path' });
});
