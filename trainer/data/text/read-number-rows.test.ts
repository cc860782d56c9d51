import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { writeFolder } from '../../testing/graph-folder-fixture.ts';
import { collectIssues } from '../issues.ts';
import { MAX_LINE_CHARACTERS } from '../limits.ts';
import { readNumberRows } from './read-number-rows.ts';

async function read(
  content: string | Uint8Array,
  options: { columns?: number; name?: string } = {},
) {
  const { columns, name = 'a.csv' } = options;
  const path = join(await writeFolder({ [name]: content }), name);
  const issues = collectIssues();
  const rows: [number, ...number[]][] = [];
  const onRow = (values: Float64Array, line: number) => void rows.push([line, ...values]);
  await readNumberRows({ path, name, columns, maxColumns: 4, issues, onRow });
  return {
    rows,
    issues: issues.issues.map(({ field, value, allowed }) => [field, value, allowed]),
  };
}

test('readNumberRows() reads rows with CRLF, empty lines and no final line end', async () => {
  const { rows, issues } = await read('1,-2.5\r\n\n3,\n4,nan');
  expect(rows).toEqual([
    [1, 1, -2.5],
    [3, 3, Number.NaN],
    [4, 4, Number.NaN],
  ]);
  expect(issues).toEqual([]);
});

test('readNumberRows() joins lines over the ends of chunks', async () => {
  const wanted = Array.from({ length: 150_000 }, (_, i) => [i + 1, i, i / 8]);
  const text = wanted.map(([, ...row]) => row.join(',')).join('\n');
  for (const [name, content] of Object.entries({ 'a.csv': text, 'a.csv.gz': gzipSync(text) })) {
    expect((await read(content, { name })).rows).toEqual(wanted);
  }
});

test('readNumberRows() names line and column of what is no row, and goes on', async () => {
  const { rows, issues } = await read('1,2\n3,x\n4\n5,6,7\n8,9\n', { columns: 2 });
  expect(rows.map(([line]) => line)).toEqual([1, 5]);
  expect(issues).toEqual([
    ['a.csv:2:2', 'x', 'a number'],
    ['a.csv:3', '1 fields', '2 comma-separated fields'],
    ['a.csv:4', '3 fields', '2 comma-separated fields'],
  ]);
});

test('readNumberRows() refuses rows that are too wide and lines without end', async () => {
  expect((await read('1,2,3,4,5\n')).issues).toEqual([['a.csv:1', '5 fields', 'at most 4 fields']]);
  const [[field, , allowed]] = (await read('1'.repeat(MAX_LINE_CHARACTERS + 300_000))).issues;
  expect([field, allowed]).toEqual(['a.csv', `at most ${MAX_LINE_CHARACTERS} bytes a line`]);
});

test('readNumberRows() reports broken gzip with the last line that was read', async () => {
  const whole = gzipSync('1,2\n3,4\n');
  const { issues } = await read(whole.subarray(0, whole.length - 6), { name: 'a.csv.gz' });
  expect(issues[0][0]).toMatch(/^a\.csv\.gz:\d$/);
});
