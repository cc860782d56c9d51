import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { writeFolder } from '../testing/graph-folder-fixture.ts';
import { readHardCases } from './read-hard-cases.ts';

const featureSpec = { kind: 'table', columns: 2 } as const;
const read = (path: string) => readHardCases({ path, featureSpec });

test('readHardCases() reads a table as label export writes it, columns by name', async () => {
  const dir = await writeFolder({
    'cases.csv': 'node,label,x1,x0\nab,"belt, slipping",2,1\ncd,,9,9\nef,leak,,3\n',
  });
  const { rows, labels, sha256 } = await read(join(dir, 'cases.csv'));
  expect(labels).toEqual(['belt, slipping', 'leak']);
  expect([rows.count, rows.width, ...rows.values]).toEqual([2, 2, 1, 2, 3, Number.NaN]);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('readHardCases() reads the tables of a folder; a later word on a case counts', async () => {
  const dir = await writeFolder({
    'edges.csv': 'src,dst\n',
    '2026-01.csv': 'node,label,x0,x1\na,leak,1,1\nb,leak,2,2\n',
    '2026-02.csv.gz': gzipSync('node,label,x0,x1\na,normal,1,1\n'),
    'readme.txt': 'no table',
  });
  const { labels, rows } = await read(dir);
  expect(labels).toEqual(['leak', 'normal']);
  expect([...rows.values]).toEqual([2, 2, 1, 1]);
});

test.each([
  ['no such place', {}, 'x.csv', 'data-missing', '--hard-cases'],
  ['a folder without tables', { 'a.txt': '' }, '', 'data-missing', '--hard-cases'],
  ['a column less', { 'a.csv': 'node,label,x0\na,b,1\n' }, '', 'data-invalid', 'a.csv:1'],
  ['another column', { 'a.csv': 'node,label,x0,x2\na,b,1,1\n' }, '', 'data-invalid', 'a.csv:1'],
  ['a column more', { 'a.csv': 'node,label,x0,x1,x2\na,b,1,1,1\n' }, '', 'data-invalid', 'a.csv:1'],
  ['no number', { 'a.csv': 'node,label,x0,x1\na,b,1,?\n' }, '', 'data-invalid', 'a.csv:2:x1'],
  ['no label column', { 'a.csv': 'node,x0,x1\na,1,1\n' }, '', 'data-invalid', 'a.csv:1:label'],
])('readHardCases() refuses %s', async (_, files, name, code, field) => {
  const dir = await writeFolder(files as Record<string, string>);
  await expect(read(join(dir, name))).rejects.toMatchObject({ code, field });
});
