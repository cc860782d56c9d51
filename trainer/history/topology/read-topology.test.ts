import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectIssues } from '../../data/issues.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { createNotes } from '../notes.ts';
import { readProject } from '../project/index.ts';
import { readTopology } from './index.ts';

const PROJECT = 'model: line\ntelemetry:\n  - files: "*.csv"\n';
const ASSETS = ['press-1', 'press-2', 'oven-1'];

async function read(topology: string, files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'plant.yaml'), PROJECT + topology);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const issues = collectIssues();
  const notes = createNotes();
  const project = await readProject(folder);
  const read = await readTopology({ ...project, assets: ASSETS, issues, notes });
  return { ...read, issues: issues.issues, notes: notes.sentences };
}

test('readTopology() of a project without one is its machines', async () => {
  expect(await read('')).toEqual({
    assets: ASSETS.map((name) => ({ name })),
    edges: [],
    issues: [],
    notes: [],
  });
});

test('readTopology() reads a table of edges, by either pair of titles', async () => {
  const text = 'from,to,kind\npress-1,oven-1,flow\npress-2,oven-1,heat\noven-1,press-1,\n';
  const { edges, issues, notes } = await read('topology: lines.csv\n', { 'lines.csv': text });
  expect([issues, notes]).toEqual([[], []]);
  expect(edges).toEqual([
    { from: 'press-1', to: 'oven-1', kind: 'flow' },
    { from: 'press-2', to: 'oven-1', kind: 'heat' },
    { from: 'oven-1', to: 'press-1', kind: '' },
  ]);
  const other = await read('topology: { edges: e.csv }\n', {
    'e.csv': 'src;dst\npress-1;oven-1\n',
  });
  expect(other.edges).toEqual([{ from: 'press-1', to: 'oven-1', kind: '' }]);
});

test('readTopology() reads a sketch, kinds by pattern and a table of machines', async () => {
  const { assets, edges, issues } = await read(
    'topology:\n  lines: ["press-1, press-2 > oven-1 > cooler"]\n  assets: assets.csv\n  kinds: { "press-*": press, cooler: cooler }\n',
    { 'assets.csv': 'asset,kind\noven-1,oven\npress-2,old-press\n' },
  );
  expect(issues).toEqual([]);
  expect(assets).toEqual([
    { name: 'press-1', kind: 'press' },
    { name: 'press-2', kind: 'old-press' },
    { name: 'oven-1', kind: 'oven' },
    { name: 'cooler', kind: 'cooler' },
  ]);
  expect(edges.map(({ from, to, kind }) => [from, to, kind])).toEqual([
    ['press-1', 'oven-1', 'flow'],
    ['press-2', 'oven-1', 'flow'],
    ['oven-1', 'cooler', 'flow'],
  ]);
});

test('readTopology() tells of machines that only one side knows, and asks what was meant', async () => {
  const { notes, issues } = await read('topology: { lines: ["press-1 > pres-2 > cooler"] }\n');
  expect(issues).toEqual([]);
  expect(notes).toEqual([
    'plant.yaml:4:topology.lines.0: there are no readings of pres-2; is it press-2?',
    'plant.yaml:4:topology.lines.0: there are no readings of cooler, so its edges join nothing.',
    'press-2 has readings and stands nowhere in the topology.',
    'oven-1 has readings and stands nowhere in the topology.',
  ]);
});

test('readTopology() tells of edges stated twice, loops and patterns of nothing', async () => {
  const { notes, edges } = await read(
    'topology:\n  lines: [press-1 > press-2 > oven-1, press-1 > press-2, oven-1 > oven-1]\n  kinds:\n    "mill-*": mill\n',
  );
  expect(edges).toHaveLength(2);
  expect(notes).toEqual([
    'plant.yaml:7: no machine is named mill-*.',
    'plant.yaml:5:topology.lines.1: press-1 to press-2 is stated twice.',
    'plant.yaml:5:topology.lines.2: oven-1 is joined to itself, left out.',
  ]);
});

test.each([
  [
    'an empty step',
    'topology: { lines: ["press-1 > > oven-1"] }\n',
    '',
    'plant.yaml:4:topology.lines.0',
  ],
  ['a missing end', 'topology: t.csv\n', 'from,to\npress-1,\n', 't.csv:2:to'],
  ['a missing column', 'topology: t.csv\n', 'from,nach\npress-1,oven-1\n', 't.csv:1:to'],
  ['a missing file', 'topology: gone.csv\n', '', 'gone.csv'],
  ['strangers alone', 'topology: t.csv\n', 'from,to\na,b\n', 't.csv:2'],
  [
    'two kinds',
    'topology: { assets: t.csv }\n',
    'asset,kind\npress-1,a\npress-1,b\n',
    't.csv:3:kind',
  ],
])('readTopology() reports %s by file and line', async (_, topology, text, field) => {
  const { issues } = await read(topology, { 't.csv': text });
  expect(issues.map((issue) => issue.field)).toEqual([field]);
});
