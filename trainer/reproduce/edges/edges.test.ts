import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPlant } from '@dandan/shared/plant';
import { afterAll, expect, test } from 'vitest';
import { leakage } from '../../history/split/index.ts';
import {
  type EdgeMeasurement,
  edgeTable,
  measureEdges,
  plantHistory,
  writeEdgeReport,
} from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'dandan-edges-'));
afterAll(() => rm(folder, { recursive: true }));

const history = plantHistory(1);

test('plantHistory() holds back whole shifts, with every class in every set', () => {
  const { split, places, spec, labels, classes } = history;
  expect(leakage({ split, places, spec })).toMatchObject({ overlaps: [], straddling: [] });
  for (const set of ['train', 'validation', 'test'] as const) {
    expect(new Set(Array.from(split[set], (node) => labels[node])).size).toBe(classes.length);
  }
  expect(split.train).toHaveLength(60);
  expect(places.assets).toEqual(createPlant({ seed: 1, lines: 2 }).assets);
});

/** A quarter of the shifts' machines is enough to see that edges come and go. */
function small() {
  const { places, features, split, labels } = history;
  const kept = Array.from(places.asset.keys()).filter((node) => places.asset[node] < 3);
  const position = new Map(kept.map((node, at) => [node, at]));
  const width = features.width;
  const values = new Float32Array(kept.length * width);
  kept.forEach((node, at) => {
    values.set(features.values.subarray(node * width, (node + 1) * width), at * width);
  });
  const of = (nodes: Int32Array) =>
    Int32Array.from([...nodes].flatMap((node) => position.get(node) ?? []));
  return {
    ...history,
    labels: Int32Array.from(kept, (node) => labels[node]),
    features: { count: kept.length, width, values },
    places: {
      ...places,
      asset: Int32Array.from(kept, (node) => places.asset[node]),
      run: Int32Array.from(kept, (node) => places.run[node]),
      time: Float64Array.from(kept, (node) => places.time[node]),
    },
    split: {
      train: of(split.train),
      validation: of(split.validation),
      test: of(split.test),
      unlabelled: of(split.unlabelled),
      unseen: of(split.unseen!),
    },
  };
}

const VARIANTS = [
  { name: 'none', graph: { topology: false, time: 0, similar: 0 } },
  { name: 'all', graph: { topology: true, time: { lags: [1, 2] }, similar: 1 } },
];

test('measureEdges() trains on each graph, and takes up what it has finished', {
  timeout: 120_000,
}, async () => {
  const told: string[] = [];
  const options = {
    historyOf: () => small(),
    seeds: [1],
    variants: VARIANTS,
    dir: join(folder, 'work'),
    onMeasured: ({ variant }: EdgeMeasurement) => told.push(variant),
  };
  const [none, all] = await measureEdges(options);
  expect(none.edges).toEqual({ topology: 0, time: 0, similar: 0 });
  expect(none.homophily).toBeUndefined();
  for (const count of Object.values(all.edges)) expect(count).toBeGreaterThan(100);
  // The plain MLP knows no edges.
  expect(all.mlp).toBe(none.mlp);
  expect(all.teacher).not.toBe(none.teacher);
  for (const { student } of [none, all]) expect(student).toBeGreaterThan(30);
  expect(told).toEqual(['none', 'all']);

  const files = await readdir(options.dir);
  expect(files).toHaveLength(2);
  const marked = { ...none, teacher: 12.5 };
  for (const file of files) await writeFile(join(options.dir, file), JSON.stringify(marked));
  expect((await measureEdges(options)).map(({ teacher }) => teacher)).toEqual([12.5, 12.5]);
  // What one network has learnt is nothing that another knows.
  const networks = ['sage'] as const;
  const [sage] = await measureEdges({ ...options, networks, variants: VARIANTS.slice(1) });
  expect(sage).toMatchObject({ network: 'sage', edges: all.edges, mlp: all.mlp });
  expect([12.5, all.teacher]).not.toContain(sage.teacher);
  const [again] = await measureEdges({ ...options, variants: VARIANTS.slice(0, 1), fresh: true });
  expect(again).toEqual(none);
});

test('measureEdges() stops when asked to', async () => {
  const reason = new Error('stopped');
  const options = { historyOf: () => small(), seeds: [1], dir: folder };
  await expect(measureEdges({ ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
});

test('edgeTable() has means, spreads and paired differences', () => {
  const of = (variant: string, seed: number, student: number, homophily?: number) => ({
    ...{ variant, network: 'gcn' as const, seed, student, homophily, teacher: 80 + seed, mlp: 50 },
    edges: { topology: 1, time: 2, similar: 0 },
  });
  const measured = [
    of('none', 1, 60),
    of('time', 1, 70, -0.25),
    of('none', 2, 62),
    of('time', 2, 74, -0.25),
  ];
  expect(edgeTable(measured)).toEqual([
    '| edges | topology | time | similar | homophily | teacher | student | over no edges |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    '| none | 1 | 2 | 0 |  | 81.5 ± 0.7 | 61.0 ± 1.4 |  |',
    '| time | 1 | 2 | 0 | −0.25 | 81.5 ± 0.7 | 72.0 ± 2.8 | +11.0 ± 12.7 |',
    '',
    'A plain MLP on the same labels: 50.0 ± 0.0 %.',
  ]);
  expect(edgeTable(measured.slice(0, 2))[3]).toContain('| 70.0 | +10.0 |');
});

test('edgeTable() of nothing is a heading', () => {
  expect(edgeTable([])).toHaveLength(2);
});

test('writeEdgeReport() has a table for each network, and every figure', async () => {
  const one = {
    ...{ variant: 'none', network: 'gcn' as const, seed: 1, homophily: undefined },
    ...{ student: 60, teacher: 61, mlp: 50, edges: { topology: 0, time: 0, similar: 0 } },
  };
  const measured: EdgeMeasurement[] = [one, { ...one, network: 'sage', student: 70 }];
  const dir = join(folder, 'report');
  const page = await writeEdgeReport({ measured, dir, command: 'dandan reproduce edges' });
  const headings = page.split('\n').filter((line) => line.startsWith('#'));
  expect(headings).toEqual(['# Value of each kind of edge', '## Teacher GCN', '## Teacher SAGE']);
  expect(page).toContain('`dandan reproduce edges`');
  expect(page.indexOf('| 70.0 |')).toBeGreaterThan(page.indexOf('## Teacher SAGE'));
  expect(await readFile(join(dir, 'report.md'), 'utf8')).toBe(page);
  expect(JSON.parse(await readFile(join(dir, 'results.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(measured)),
  );
});
