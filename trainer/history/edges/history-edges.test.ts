import type { TelemetrySpec } from '@dandan/shared/features';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Adjacency, NodePlaces } from '../../graph/graph-data.ts';
import { withoutHiddenEdges } from '../../graph/hold-out.ts';
import type { GraphChoices } from '../project/index.ts';
import type { Topology } from '../topology.ts';
import { type HistoryEdgesOptions, historyEdges } from './index.ts';

const SPEC: TelemetrySpec = {
  kind: 'telemetry',
  channels: [{ name: 'vibration', unit: 'mm/s' }],
  statistics: ['mean'],
  windowMs: 2000,
  strideMs: 1000,
};
const { windowMs: _, strideMs: __, ...COMMON } = SPEC;
const COUNTING: TelemetrySpec = { ...COMMON, windowSamples: 4, strideSamples: 2 };

const NOTHING: GraphChoices = { topology: false, time: 0, similar: 0 };

interface Window {
  readonly asset: number;
  readonly run: number;
  readonly time: number;
}

function placesOf(windows: readonly Window[], kinds: (string | undefined)[] = []): NodePlaces {
  const assets = ['press-1', 'press-2', 'oven'];
  return {
    assets,
    kinds: assets.map((_, at) => kinds[at]),
    runs: ['monday', 'tuesday'],
    asset: Int32Array.from(windows, ({ asset }) => asset),
    run: Int32Array.from(windows, ({ run }) => run),
    time: Float64Array.from(windows, ({ time }) => time),
  };
}

/** Undirected edges, the smaller end first. */
function pairs({ offsets, indices, nodeCount }: Adjacency): string[] {
  const found: string[] = [];
  for (let i = 0; i < nodeCount; i++) {
    for (const j of indices.subarray(offsets[i], offsets[i + 1]))
      if (i < j) found.push(`${i}-${j}`);
  }
  return found;
}

async function edges(options: Partial<HistoryEdgesOptions> & { places: NodePlaces }) {
  const { time } = options.places;
  const features = { count: time.length, width: 1, values: new Float32Array(time.length) };
  return historyEdges({ spec: SPEC, graph: NOTHING, features, seed: 1, ...options });
}

const TOPOLOGY: Topology = {
  assets: [{ name: 'press-1' }, { name: 'oven' }, { name: 'chimney' }],
  edges: [
    { from: 'press-1', to: 'oven', kind: 'flow' },
    { from: 'oven', to: 'chimney', kind: '' },
    { from: 'oven', to: 'oven', kind: '' },
  ],
};

test('historyEdges() ties neighbours of the topology in the same window and run', async () => {
  const windows = [
    { asset: 0, run: 0, time: 1000 },
    { asset: 2, run: 0, time: 1000 },
    { asset: 2, run: 1, time: 1000 },
    { asset: 0, run: 0, time: 2000 },
    { asset: 1, run: 0, time: 1000 },
    { asset: 0, run: 1, time: 1000 },
  ];
  const graph = { ...NOTHING, topology: true };
  const { adjacency, counts } = await edges({
    places: placesOf(windows),
    graph,
    topology: TOPOLOGY,
  });
  expect(pairs(adjacency)).toEqual(['0-1', '2-5']);
  expect(counts).toEqual({ topology: 2, time: 0, similar: 0 });
  const without = await edges({ places: placesOf(windows), graph: NOTHING, topology: TOPOLOGY });
  expect(pairs(without.adjacency)).toEqual([]);
});

test('historyEdges() ties windows by count to the last that has ended', async () => {
  const windows = [
    { asset: 0, run: 0, time: 900 },
    { asset: 2, run: 0, time: 1000 },
    { asset: 0, run: 0, time: 1500 },
    { asset: 2, run: 0, time: 2000 },
    { asset: 0, run: 0, time: 2000 },
  ];
  const graph = { ...NOTHING, topology: true };
  const options = { places: placesOf(windows), spec: COUNTING, graph, topology: TOPOLOGY };
  expect(pairs((await edges(options)).adjacency)).toEqual(['1-2', '3-4']);
});

test.each<[string, GraphChoices['time'], string[]]>([
  ['a reach', 2, ['0-1', '0-2', '1-2', '2-3']],
  ['no reach', 0, []],
  ['lags', { lags: [3, 1, 3] }, ['0-1', '1-2', '1-3']],
])(
  'historyEdges() ties windows in time by %s, and none over a gap or a border of runs',
  async (_, time, expected) => {
    const at = (time: number, run = 0) => ({ asset: 0, run, time });
    // 2000 is followed by a gap of one window; the second run goes on where the first ends.
    const windows = [at(0), at(1000), at(2000), at(4000), at(5000, 1)];
    const graph = { ...NOTHING, time };
    expect(pairs((await edges({ places: placesOf(windows), graph })).adjacency)).toEqual(expected);
  },
);

test('historyEdges() counts windows by count one after the other, whatever lies between', async () => {
  const windows = [0, 10, 5000].map((time) => ({ asset: 0, run: 0, time }));
  const graph = { ...NOTHING, time: 1 };
  const options = { places: placesOf(windows), spec: COUNTING, graph };
  expect(pairs((await edges(options)).adjacency)).toEqual(['0-1', '1-2']);
});

/** Windows a minute apart, so that none shares a reading with another. */
const apart = (assets: readonly number[]) =>
  assets.map((asset, at) => ({ asset, run: 0, time: at * 60_000 }));

test('historyEdges() ties like windows of one kind; a machine without a kind is like itself alone', async () => {
  const places = placesOf(apart([0, 1, 2, 2, 0]), ['press', 'press', undefined]);
  const values = Float32Array.of(1, 2, 1, 5, 9);
  const features = { count: 5, width: 1, values };
  const graph = { ...NOTHING, similar: 1 };
  const { adjacency, counts } = await edges({ places, features, graph });
  // 4 is far from both presses, 1 is the nearer one.
  expect(pairs(adjacency)).toEqual(['0-1', '1-4', '2-3']);
  expect(counts.similar).toBe(3);
});

test('historyEdges() does not call windows alike that share readings or are tied in time', async () => {
  const windows = [0, 1000, 2000, 3000, 4000].map((time) => ({ asset: 0, run: 0, time }));
  const features = { count: 5, width: 1, values: Float32Array.of(1, 1, 2, 3, 4) };
  const options = { places: placesOf(windows), features };
  // 2 s windows every second: two of them share readings where they are one stride apart.
  const overlapping = await edges({ ...options, graph: { ...NOTHING, similar: 1 } });
  expect(pairs(overlapping.adjacency)).toEqual(['0-2', '0-3', '1-3', '2-4']);
  const graph = { ...NOTHING, time: 3, similar: 1 };
  expect((await edges({ ...options, graph })).counts).toMatchObject({ time: 9, similar: 1 });
});

test('historyEdges() looks away from columns that do not count', async () => {
  const places = placesOf(apart([0, 0, 0]));
  const values = Float32Array.of(1, 5, 2, 9, 9, 5);
  const features = { count: 3, width: 2, values };
  const graph = { ...NOTHING, similar: 1 };
  const own = async (columns?: number) =>
    pairs((await edges({ places, features, graph, columns })).adjacency);
  expect(await own(1)).toEqual(['0-1', '1-2']);
  expect(await own()).toEqual(['0-1', '0-2']);
});

test('historyEdges() reads a missing value as the middle', async () => {
  const places = placesOf(apart([0, 0, 0, 0]));
  const values = Float32Array.of(Number.NaN, -4, 0.5, 4);
  const { adjacency } = await edges({
    places,
    features: { count: 4, width: 1, values },
    graph: { ...NOTHING, similar: 1 },
  });
  expect(pairs(adjacency)).toContain('0-2');
});

const window = fc.record({
  asset: fc.nat({ max: 2 }),
  run: fc.nat({ max: 1 }),
  time: fc.nat({ max: 40 }).map((step) => step * 1000),
});

const history = fc
  .uniqueArray(window, { minLength: 1, maxLength: 60, selector: (w) => JSON.stringify(w) })
  .chain((windows) =>
    fc.record({
      windows: fc.constant(windows),
      values: fc.array(fc.integer({ min: -50, max: 50 }), {
        minLength: windows.length,
        maxLength: windows.length,
      }),
      hidden: fc.array(fc.boolean(), { minLength: windows.length, maxLength: windows.length }),
    }),
  );

test('historyEdges() keeps similar edges on one side, and what is hidden changes nothing that training sees', async () => {
  const kinds = ['press', 'press', 'oven'];
  await fc.assert(
    fc.asyncProperty(history, fc.nat({ max: 4 }), async ({ windows, values, hidden }, similar) => {
      const graph = { topology: true, time: 2, similar };
      const places = placesOf(windows, kinds);
      const unseen = Int32Array.from(hidden.keys()).filter((node) => hidden[node]);
      const features = (change: number) => ({
        count: windows.length,
        width: 1,
        values: Float32Array.from(values, (v, node) => (hidden[node] ? v * change + change : v)),
      });
      const of = (choices: GraphChoices, change = 1) =>
        edges({ places, topology: TOPOLOGY, graph: choices, unseen, features: features(change) });
      const alike = await of({ ...NOTHING, similar });
      for (const pair of pairs(alike.adjacency)) {
        const [a, b] = pair.split('-').map(Number);
        expect(hidden[a]).toBe(hidden[b]);
        expect(kinds[windows[a].asset]).toBe(kinds[windows[b].asset]);
      }
      const visible = Int32Array.from(hidden.keys()).filter((node) => !hidden[node]);
      const seen = async (change: number) =>
        withoutHiddenEdges((await of(graph, change)).adjacency, visible);
      expect(pairs(await seen(7))).toEqual(pairs(await seen(1)));
    }),
    { numRuns: 40 },
  );
});

test('historyEdges() is the union of its kinds, symmetric and the same every time', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ windows, values }) => {
      const places = placesOf(windows, ['a', 'a', 'a']);
      const features = { count: windows.length, width: 1, values: Float32Array.from(values) };
      const of = (graph: GraphChoices) => edges({ places, topology: TOPOLOGY, features, graph });
      const all: GraphChoices = { topology: true, time: { lags: [1, 4] }, similar: 2 };
      const whole = await of(all);
      expect(await of(all)).toEqual(whole);
      const { adjacency } = whole;
      for (const pair of pairs(adjacency)) {
        const [a, b] = pair.split('-').map(Number);
        const row = adjacency.indices.subarray(adjacency.offsets[b], adjacency.offsets[b + 1]);
        expect(row).toContain(a);
      }
      const alone = new Set<string>();
      for (const graph of [{ topology: true }, { time: all.time }] as const) {
        for (const pair of pairs((await of({ ...NOTHING, ...graph })).adjacency)) alone.add(pair);
      }
      for (const pair of alone) expect(pairs(adjacency)).toContain(pair);
      expect(whole.counts.similar).toBeGreaterThanOrEqual(pairs(adjacency).length - alone.size);
    }),
    { numRuns: 25 },
  );
});

test('historyEdges() stops when asked to', async () => {
  const reason = new Error('stopped');
  const options = {
    places: placesOf(apart([0, 0])),
    graph: { ...NOTHING, similar: 1 },
    signal: AbortSignal.abort(reason),
  };
  await expect(edges(options)).rejects.toBe(reason);
});
