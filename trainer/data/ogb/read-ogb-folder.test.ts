import { expect, test } from 'vitest';
import { checkData } from '../check-data.ts';
import { readGraph } from '../read-graph.ts';
import type { Files } from '../testing/layout-variant.ts';
import { writeFiles } from '../testing/layouts.ts';

/** Three nodes, two edges, two columns. */
const FILES: Files = {
  'raw/edge.csv': '0,1\n1,2\n',
  'raw/node-feat.csv': '1,0\n0,1\n2,0\n',
  'raw/node-label.csv': '0\n1\n0\n',
  'raw/num-node-list.csv': '3\n',
};

const read = async (changes: Files) =>
  readGraph({ path: await writeFiles({ ...FILES, ...changes }) });

test('readOgbFolder() needs neither split nor number of edges, and ignores what it does not know', async () => {
  const { graph, notes } = await read({
    'raw/node_year.csv.gz': 'not gzip',
    'raw/edge-feat.csv': 'x',
    'mapping/README.md': '#',
  });
  expect(graph.publicSplit).toBeUndefined();
  expect(notes).toEqual([]);
});

test('readOgbFolder() takes the first of several splits and says so', async () => {
  const { graph, notes } = await read({
    'split/time/train.csv': '0\n',
    'split/rank/train.csv': '1\n',
    'split/rank/valid.csv': '2\n',
  });
  expect([...graph.publicSplit!.train]).toEqual([1]);
  expect(notes).toEqual(["The folder has 2 splits; 'rank' is used, not time."]);
});

test('readOgbFolder() reads missing values and unknown labels', async () => {
  const { graph } = await read({
    'raw/node-feat.csv': '1,\nnan,1e-3\n2,-0.5\n',
    'raw/node-label.csv': '0\n-1\n1.0\n',
  });
  expect([...graph.features.rows.values]).toEqual([1, NaN, NaN, Math.fround(1e-3), 2, -0.5]);
  expect([...graph.labels]).toEqual([0, -1, 1]);
});

test.each<[string, Files, string, unknown]>([
  ['an edge end beyond the nodes', { 'raw/edge.csv': '0,1\n1,3\n' }, 'raw/edge.csv:2:target', '3'],
  ['an edge end that is no number', { 'raw/edge.csv': '0,1\na,1\n' }, 'raw/edge.csv:2:1', 'a'],
  ['half an edge', { 'raw/edge.csv': '0,1\n2\n' }, 'raw/edge.csv:2', '1 fields'],
  ['an empty edge end', { 'raw/edge.csv': '0,\n' }, 'raw/edge.csv:1:target', 'NaN'],
  [
    'rows of two widths',
    { 'raw/node-feat.csv': '1,0\n1\n1,0\n' },
    'raw/node-feat.csv:2',
    '1 fields',
  ],
  [
    'a value beyond float32',
    { 'raw/node-feat.csv': '1,0\n1,1e39\n1,0\n' },
    'raw/node-feat.csv:2:2',
    '1e+39',
  ],
  ['too few rows', { 'raw/node-feat.csv': '1,0\n' }, 'raw/node-feat.csv', '1 lines'],
  ['too many rows', { 'raw/node-label.csv': '0\n1\n0\n1\n' }, 'raw/node-label.csv', '4 lines'],
  [
    'several tasks',
    { 'raw/node-label.csv': '0,1\n1,0\n0,0\n' },
    'raw/node-label.csv:1:label',
    '0,1',
  ],
  [
    'a fraction as a class',
    { 'raw/node-label.csv': '0\n0.5\n1\n' },
    'raw/node-label.csv:2:label',
    '0.5',
  ],
  ['several graphs', { 'raw/num-node-list.csv': '2\n1\n' }, 'raw/num-node-list.csv:2', '2 lines'],
  [
    'more nodes than there may be',
    { 'raw/num-node-list.csv': '1e9\n' },
    'raw/num-node-list.csv:1',
    1e9,
  ],
  ['another number of edges', { 'raw/num-edge-list.csv': '5\n' }, 'raw/edge.csv', '2 lines'],
  [
    'a set member that is no node',
    { 'split/a/train.csv': '0\n3\n' },
    'split/a/train.csv:2:node',
    '3',
  ],
  [
    'a node in two sets',
    { 'split/a/train.csv': '0\n', 'split/a/test.csv': '0\n' },
    'split/a/test.csv:1:node',
    '0',
  ],
  [
    'a set member without label',
    { 'raw/node-label.csv': '0\n\n1\n', 'split/a/train.csv': '1\n' },
    'raw/node-label.csv',
    '2 lines',
  ],
  [
    'empty files',
    { 'raw/node-label.csv': '', 'raw/node-feat.csv': '' },
    'raw/node-label.csv',
    '0 lines',
  ],
])('readOgbFolder() names the place of %s', async (_, changes, field, value) => {
  const dir = await writeFiles({ ...FILES, ...changes });
  await expect(readGraph({ path: dir })).rejects.toMatchObject({
    code: 'data-invalid',
    field,
    value,
  });
  const report = await checkData({ path: dir });
  expect(report.issues[0]).toMatchObject({ field, allowed: expect.stringMatching(/./) });
});

test('readOgbFolder() lists every missing file', async () => {
  const dir = await writeFiles({ 'raw/edge.csv': '0,1\n' });
  const { issues } = await checkData({ path: dir });
  expect(issues.map(({ code, field }) => [code, field])).toEqual([
    ['data-missing', 'raw/num-node-list.csv'],
    ['data-missing', 'raw/node-feat.csv'],
    ['data-missing', 'raw/node-label.csv'],
  ]);
});
