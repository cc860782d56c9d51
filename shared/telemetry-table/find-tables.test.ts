import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findTables } from './find-tables.ts';
import type { TableProblem } from './problem.ts';
import type { StoreEntry, TableStore } from './table-store.ts';

/** A store that holds files by path. */
function storeOf(paths: readonly string[]): TableStore {
  return {
    async list(folder) {
      const entries = new Map<string, StoreEntry>();
      for (const path of paths) {
        if (folder !== '' && !path.startsWith(`${folder}/`)) continue;
        const [name, ...rest] = path.slice(folder === '' ? 0 : folder.length + 1).split('/');
        const kind = rest.length > 0 ? 'folder' : 'file';
        entries.set(name, { name, kind, bytes: 1 });
      }
      return [...entries.values()];
    },
    text: () => {
      throw new TypeError('nothing is opened');
    },
    parquet: () => {
      throw new TypeError('nothing is opened');
    },
  };
}

async function find(paths: readonly string[], ...patterns: string[]) {
  const problems: TableProblem[] = [];
  const report = (problem: TableProblem) => void problems.push(problem);
  const store = storeOf(paths);
  const found = await findTables({ patterns, field: 'files', store, report });
  return { found: found.map(({ path, placeholders }) => [path, placeholders]), problems };
}

test('placeholders say what the part of a name is', async () => {
  const paths = ['b/r2_press.csv', 'a/r1_oven.csv.gz', 'a/notes.md', 'a/.r3_x.csv', 'c.csv'];
  const { found, problems } = await find(paths, './*/{run}_{asset}.csv*');
  expect(found).toEqual([
    ['a/r1_oven.csv.gz', { run: 'r1', asset: 'oven' }],
    ['b/r2_press.csv', { run: 'r2', asset: 'press' }],
  ]);
  expect(problems).toEqual([]);
});

test('a file that two patterns find is there once, in the order of the patterns', async () => {
  const { found } = await find(['a.csv', 'b.csv'], 'b.csv', '*.csv');
  expect(found.map(([path]) => path)).toEqual(['b.csv', 'a.csv']);
  const again = await find(['a.csv'], '*.csv', 'a.csv');
  expect(again.problems).toEqual([]);
});

test('signs that mean something elsewhere mean themselves', async () => {
  const { found } = await find(['a(1)+[x].csv', 'a1x.csv'], 'a(1)+[x].csv');
  expect(found.map(([path]) => path)).toEqual(['a(1)+[x].csv']);
});

test('any path below the folder is found by its own name', async () => {
  const part = fc
    .string({ minLength: 1, maxLength: 12 })
    .filter((text) => !/[/\\*{}\0]|^[.]|^[A-Za-z]:|\s$/.test(text));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const path = `${parts.join('/')}.csv`;
      const { found } = await find([path], path);
      expect(found).toEqual([[path, {}]]);
    }),
    { numRuns: 50 },
  );
});

test.each([
  '../a.csv',
  'a/../../b.csv',
  '/a.csv',
  'a//b.csv',
  'a\\b.csv',
  'C:/a.csv',
  '',
  '{asset',
  '{other}.csv',
  '****.csv',
])('the pattern %j is refused', async (pattern) => {
  await expect(find(['a.csv'], pattern)).rejects.toMatchObject({
    code: 'option-invalid',
    field: 'files',
  });
});
