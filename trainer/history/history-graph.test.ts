import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRowAssembler, type TelemetrySpec } from '@dandan/shared/features';
import { afterAll, expect, test } from 'vitest';
import { loadData } from '../data/load-data.ts';
import { loadHistory } from './load-history.ts';

const folder = await mkdtemp(join(tmpdir(), 'dandan-history-'));
afterAll(() => rm(folder, { recursive: true }));

const MINUTE_MS = 60_000;
const START = Date.parse('2026-03-01T00:00:00Z');
const MINUTES = 16 * 60;

/** Hot in every third hour. */
const isHot = (minute: number) => Math.floor(minute / 60) % 3 === 1;

const reading = (machine: number, minute: number) =>
  20 + machine + (isHot(minute) ? 5 : 0) + ((minute * 7919) % 13) / 10;

const time = (minute: number) => new Date(START + minute * MINUTE_MS).toISOString();

const rows = [1, 2].flatMap((machine) =>
  Array.from(
    { length: MINUTES },
    (_, minute) => `${time(minute)},m-${machine},${reading(machine, minute)}`,
  ),
);
const hours = Array.from({ length: MINUTES / 60 }, (_, hour) => hour);
// An interval holds at both its ends.
const sheet = hours.map(
  (hour) => `,${time(60 * hour)},${time(60 * hour + 59)},${isHot(60 * hour) ? 'hot' : 'normal'}`,
);

await writeFile(join(folder, 'readings.csv'), ['time,machine,temperature', ...rows].join('\n'));
await writeFile(join(folder, 'labels.csv'), ['asset,from,to,class', ...sheet].join('\n'));
await writeFile(
  join(folder, 'plant.yaml'),
  `model: line
telemetry: [{ files: readings.csv, assetColumn: machine }]
labels: { files: labels.csv }
topology: { lines: ["m-1 > m-2"], kinds: { "m-*": mill } }
features: { windowMs: 600000, strideMs: 300000, statistics: [mean, slope], positions: 1 }
graph: { time: { lags: [1, 3] } }
`,
);

const { graph, notes } = await loadHistory({ path: folder, seed: 1 });
const nodes = Array.from(graph.labels.keys());

test('loadHistory() makes a node of every machine and window, with the label at its end', () => {
  const { places, labels, classes } = graph;
  expect(classes).toEqual(['hot', 'normal']);
  expect(places.assets).toEqual(['m-1', 'm-2']);
  expect(places.kinds).toEqual(['mill', 'mill']);
  for (const node of nodes) {
    const minute = (places.time[node] - START) / MINUTE_MS;
    // Between 00:59 and 01:00 nobody has said anything; windows end at whole minutes.
    expect(labels[node]).toBe(minute >= MINUTES ? -1 : isHot(minute) ? 0 : 1);
  }
  expect(notes.some((note) => note.includes('one run'))).toBe(true);
});

test('loadHistory() has the rows that a gateway makes of the same readings', () => {
  const { places, features } = graph;
  if (features.kind !== 'dense') throw new Error('history is dense');
  const { width, values } = features.rows;
  const spec = graph.featureSpec as TelemetrySpec;
  expect(width).toBe(3);
  const assembler = createRowAssembler(spec);
  const made = Array.from({ length: MINUTES }, (_, minute) => minute).flatMap((minute) =>
    [1, 2].flatMap((machine) =>
      assembler.push({
        asset: `m-${machine}`,
        channel: 'temperature',
        time: START + minute * MINUTE_MS,
        value: reading(machine, minute),
      }),
    ),
  );
  expect(made.length).toBeGreaterThan(300);
  for (const row of made) {
    const node = nodes.find(
      (each) => places.time[each] === row.time && places.assets[places.asset[each]] === row.asset,
    )!;
    expect(values.slice(node * width, (node + 1) * width)).toEqual(Float32Array.from(row.values));
  }
});

test('loadHistory() deals whole stretches of time and joins what plant.yaml names', () => {
  const { publicSplit: split, adjacency, places } = graph;
  const sets = [split.train, split.validation, split.test, split.unlabelled];
  const all = sets.flatMap((set) => [...set]);
  expect(new Set(all).size).toBe(all.length);
  expect(sets.every(({ length }) => length > 0)).toBe(true);
  for (let node = 0; node < adjacency.nodeCount; node++) {
    for (let e = adjacency.offsets[node]; e < adjacency.offsets[node + 1]; e++) {
      const other = adjacency.indices[e];
      const apart = Math.abs(places.time[node] - places.time[other]) / 300_000;
      const isSame = places.asset[node] === places.asset[other];
      expect(isSame ? [1, 3] : [0]).toContain(apart);
    }
  }
});

test('loadHistory() gives the same graph again, and another split for another seed', async () => {
  const again = await loadHistory({ path: folder, seed: 1 });
  expect(again.graph.sha256).toBe(graph.sha256);
  expect(again.graph.publicSplit).toEqual(graph.publicSplit);
  const other = await loadHistory({ path: folder, seed: 2, labelsPerClass: 3 });
  expect(other.graph.publicSplit.train).toHaveLength(6);
  expect(other.graph.publicSplit.test).not.toEqual(graph.publicSplit.test);
});

test('loadData() takes a project, and says what single windows drawn at random are worth', async () => {
  const loaded = await loadData({ data: folder, seed: 1, labelsPerClass: 4 });
  expect(loaded.splitName).toBe('public');
  expect(loaded.split.train).toHaveLength(8);
  const drawn = await loadData({ data: folder, seed: 1, split: 'random', labelsPerClass: 4 });
  expect(drawn.splitName).toBe('random');
  expect(drawn.notes.join(' ')).toContain('test windows share readings with those learnt from');
});
