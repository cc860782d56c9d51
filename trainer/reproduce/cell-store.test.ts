import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../run/train-options.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { Cell, CellRecord } from './cell.ts';
import { openCellStore } from './cell-store.ts';
import { relevantOptions } from './relevant-options.ts';
import { type ResultFile, readResultFile, writeResultFile } from './result-file.ts';

const CELL: Cell = {
  set: 'clusters',
  data: 'a'.repeat(64),
  split: 'random',
  splitSha256: '',
  method: 'glnn',
  options: { ...DEFAULTS, setting: 'tran', widths: [4, 8] },
};

const recordOf = (cell: Cell, accuracy: number, finished = '2026-01-01T00:00:00Z'): CellRecord => ({
  ...cell,
  options: relevantOptions(cell.method, cell.options),
  codeVersion: '0.1.0',
  finished,
  result: { accuracy, validation: 80, macs: 100, seconds: 2, stages: [], curve: [] },
});

const withSeed = (seed: number): Cell => ({ ...CELL, options: { ...CELL.options, seed } });

const fileOf = (records: readonly CellRecord[]): ResultFile => ({
  header: {
    table: 'table2',
    set: CELL.set,
    teacher: 'gcn',
    setting: 'tran',
    data: CELL.data,
    split: 'random',
    splitSha256: '',
    nodes: 120,
    edges: 300,
    features: 24,
    classes: ['a', 'b'],
    command: 'dandan reproduce table2',
  },
  entries: records.map((record) => ({ column: record.method, variant: 'default', record })),
});

async function folders() {
  const root = await temporaryFolder();
  return { dir: join(root, 'cells'), results: join(root, 'results') };
}

test('openCellStore() tells cells that measure more from those that do not', async () => {
  const where = await folders();
  const store = await openCellStore(where);
  const measured: Cell = { ...CELL, measure: 'disturbances' };
  await store.put(recordOf(CELL, 81));
  expect(store.find(measured)).toBeUndefined();
  await store.put(recordOf(measured, 82));
  expect(await store.nameOf(measured)).not.toBe(await store.nameOf(CELL));
  const again = await openCellStore(where);
  expect(again.find(CELL)?.result.accuracy).toBe(81);
  expect(again.find(measured)?.result.accuracy).toBe(82);
});

test('openCellStore() gives back what an earlier store was given, and nothing else', async () => {
  const where = await folders();
  const store = await openCellStore(where);
  expect(store.find(CELL)).toBeUndefined();
  await store.put(recordOf(CELL, 81.5));
  expect(store.find(CELL)?.result.accuracy).toBe(81.5);
  const again = await openCellStore(where);
  expect(again.find(CELL)).toEqual(recordOf(CELL, 81.5));
  for (const other of [
    withSeed(2),
    { ...CELL, data: 'b'.repeat(64) },
    { ...CELL, split: 'public' as const },
    { ...CELL, splitSha256: 'c' },
    { ...CELL, method: 'e-glnn' as const },
    { ...CELL, options: { ...CELL.options, setting: 'ind' as const } },
    { ...CELL, options: { ...CELL.options, dropout: 0.1 } },
  ]) {
    expect(again.find(other), JSON.stringify(other)).toBeUndefined();
  }
});

test('openCellStore() finds the cell of an option that came after it', async () => {
  const where = await folders();
  const store = await openCellStore(where);
  const { mixupGamma: _, ...older } = recordOf(CELL, 80).options;
  await store.put({ ...recordOf(CELL, 80), options: older });
  const again = await openCellStore(where);
  expect(again.find(CELL)?.result.accuracy).toBe(80);
  expect(await again.nameOf(CELL)).toBe(await again.nameOf({ ...CELL }));
  expect(await again.nameOf(CELL)).not.toBe(
    await (await openCellStore(await folders())).nameOf(CELL),
  );
});

test('openCellStore() takes a cell file that was cut off anywhere for absent', async () => {
  const where = await folders();
  await (await openCellStore(where)).put(recordOf(CELL, 81.5));
  const folder = join(where.dir, 'clusters');
  const [name] = await readdir(folder);
  const whole = await readFile(join(folder, name), 'utf8');
  for (let length = 0; length < whole.trimEnd().length; length += 7) {
    await writeFile(join(folder, name), whole.slice(0, length));
    expect((await openCellStore(where)).find(CELL), `${length} bytes`).toBeUndefined();
  }
});

test('openCellStore() forgets what was removed', async () => {
  const where = await folders();
  const store = await openCellStore(where);
  await store.put(recordOf(CELL, 81.5));
  await store.put(recordOf(withSeed(2), 70));
  await store.remove(CELL);
  expect(store.find(CELL)).toBeUndefined();
  const again = await openCellStore(where);
  expect(again.find(CELL)).toBeUndefined();
  expect(again.find(withSeed(2))?.result.accuracy).toBe(70);
});

test('openCellStore() reads result files, and the newest of two answers for a cell', async () => {
  const where = await folders();
  const kept = [recordOf(withSeed(3), 60), recordOf(CELL, 50)];
  await writeResultFile(join(where.results, 'table2', 'clusters.jsonl'), fileOf(kept));
  const store = await openCellStore(where);
  expect(store.find(CELL)).toEqual(kept[1]);
  expect(store.find(withSeed(3))).toEqual(kept[0]);
  await store.put(recordOf(CELL, 55, '2026-01-02T00:00:00Z'));
  expect(store.find(CELL)?.result.accuracy).toBe(55);
  expect((await openCellStore(where)).find(CELL)?.result.accuracy).toBe(55);
});

test('writeResultFile() states options once and gives back every cell', async () => {
  const { results } = await folders();
  const path = join(results, 'file.jsonl');
  const records = [1, 2, 3].map((seed) => recordOf(withSeed(seed), 80 + seed));
  await writeResultFile(path, fileOf([...records].reverse()));
  const text = await readFile(path, 'utf8');
  expect(text.match(/learningRate/g)).toHaveLength(1);
  expect(await readResultFile(path)).toEqual(fileOf(records));
  await writeFile(path, text.replace('"accuracy":82', '"accu'));
  const left = await readResultFile(path);
  expect(left?.entries.map(({ record }) => record.options.seed)).toEqual([1, 3]);
  await writeFile(path, 'not a result file\n{}\n');
  expect(await readResultFile(path)).toBeUndefined();
  expect(await readResultFile(join(results, 'none.jsonl'))).toBeUndefined();
});
