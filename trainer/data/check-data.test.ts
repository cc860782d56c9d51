import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLEAN, writeFolder } from '../testing/graph-folder-fixture.ts';
import { checkData } from './check-data.ts';
import { MAX_ISSUES } from './limits.ts';

test('checkData() describes a clean folder', async () => {
  const report = await checkData({ path: await writeFolder(CLEAN) });
  expect(report).toMatchObject({ ok: true, classes: ['0', '1'], issueCount: 0, issues: [] });
  expect(report.statistics).toMatchObject({ nodes: 4, edges: 3, classSizes: [2, 2] });
  const text = report.lines.join('\n');
  expect(text).toContain('4 nodes, 3 edges');
  expect(text).toContain('3 columns, sparse, 1.8 non-zero a node (58.3 %)');
  expect(text).toContain('2 train (label rate 50.0 %), 1 validation, 1 test, 0 none');
  expect(text).toContain('no problems found');
});

test('checkData() lists every bad line of every file and describes the rest', async () => {
  const dir = await writeFolder({
    'edges.csv': 'src,dst\n0,1\n1,9\nx,2\n2,3\n3,3\n',
    'labels.csv': 'node,label,split\n0,0,train\n1,1,trian\n2,0,val\n3,1,test\n3,0,test\n',
    'features.csv': 'node,features\n0,0 2\n1,1 1\n2,0 1 2\n3,2\n',
  });
  const report = await checkData({ path: dir });
  expect(report.ok).toBe(false);
  expect(report.issues.map(({ field }) => field)).toEqual([
    'labels.csv:3:split',
    'labels.csv:6:node',
    'features.csv:3:features',
    // Node 1 lost both of its lines.
    'labels.csv:node',
    'edges.csv:3:dst',
    'edges.csv:4:src',
  ]);
  expect(report.statistics).toMatchObject({ nodes: 4, edges: 2 });
  expect(report.notes.join(' ')).toContain('1 edges join a node with itself');
  expect(report.lines).toContain(
    'labels.csv:3:split: labels.csv line 3: unknown split, found "trian"; allowed: train, val, validation, test, none',
  );
});

test('checkData() keeps the first problems and counts the others', async () => {
  const edges = `src,dst\n${'a,b\n'.repeat(MAX_ISSUES + 7)}`;
  const report = await checkData({ path: await writeFolder({ ...CLEAN, 'edges.csv': edges }) });
  expect(report.issues).toHaveLength(MAX_ISSUES);
  expect(report.issueCount).toBe(MAX_ISSUES + 7);
  expect(report.lines.at(-1)).toBe('… and 7 more');
});

test('checkData() names all missing files at once', async () => {
  const report = await checkData({ path: await writeFolder({ 'edges.csv': 'src,dst\n' }) });
  expect(report.issues.map(({ code, field }) => `${code} ${field}`).sort()).toEqual([
    'data-missing features.csv',
    'data-missing labels.csv',
  ]);
});

test('checkData() says that a folder is missing', async () => {
  const report = await checkData({ path: join(await writeFolder({}), 'nowhere') });
  expect(report).toMatchObject({ ok: false, issues: [{ code: 'data-missing', field: 'path' }] });
});

test('checkData() reports broken gzip as a problem of the file', async () => {
  const { 'features.csv': _, ...others } = CLEAN;
  const report = await checkData({
    path: await writeFolder({ ...others, 'features.csv.gz': 'not gzip' }),
  });
  expect(report.issues[0]).toMatchObject({ code: 'data-invalid', field: 'features.csv.gz:1' });
  expect(() => JSON.stringify(report)).not.toThrow();
});

test('checkData() doubts a graph of unlike neighbours', async () => {
  const dir = await writeFolder({ ...CLEAN, 'edges.csv': 'src,dst\n0,1\n2,3\n1,2\n0,3\n' });
  const { ok, notes } = await checkData({ path: dir });
  expect(ok).toBe(true);
  expect(notes.join(' ')).toContain('unlikely to help');
});
