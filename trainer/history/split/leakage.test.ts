import type { TelemetrySpec } from '@dandan/shared/features';
import { expect, test } from 'vitest';
import { buildAdjacency } from '../../graph/build-adjacency.ts';
import type { NodePlaces, Split } from '../../graph/graph-data.ts';
import { leakage } from './index.ts';

const SPEC: TelemetrySpec = {
  kind: 'telemetry',
  channels: [{ name: 'vibration', unit: 'mm/s' }],
  statistics: ['mean'],
  windowMs: 2000,
  strideMs: 1000,
};

function placesOf(nodes: readonly (readonly [run: number, time: number])[]): NodePlaces {
  return {
    assets: ['press'],
    kinds: [undefined],
    runs: ['a', 'b'],
    asset: new Int32Array(nodes.length),
    run: Int32Array.from(nodes, ([run]) => run),
    time: Float64Array.from(nodes, ([, time]) => time),
  };
}

function splitOf(sets: Partial<Record<keyof Split, number[]>>): Split {
  const { train = [], validation = [], test = [], unlabelled = [], unseen } = sets;
  const of = (nodes: number[]) => Int32Array.from(nodes);
  const labelled = { train: of(train), validation: of(validation), test: of(test) };
  const common = { ...labelled, unlabelled: of(unlabelled) };
  return unseen === undefined ? common : { ...common, unseen: of(unseen) };
}

test('leakage() counts windows that hold readings of another set', () => {
  const places = placesOf([0, 1000, 2000, 4000].map((time) => [0, time] as const));
  const split = splitOf({ train: [0, 1], test: [2, 3], unseen: [2, 3] });
  const { overlaps, straddling, warnings } = leakage({ split, places, spec: SPEC });
  expect(overlaps).toEqual([{ sets: ['train', 'test'], windows: 1 }]);
  expect(straddling).toEqual([{ run: 'a', sets: ['train', 'test'] }]);
  expect(warnings).toEqual([
    '1 windows hold readings of another set: train and test overlap in time.',
    'The run a is divided among train and test.',
  ]);
});

test('leakage() finds nothing between runs, nor between windows that only touch', () => {
  const places = placesOf([
    [0, 0],
    [0, 2000],
    [1, 1000],
  ]);
  const split = splitOf({ train: [0], validation: [2], test: [1], unseen: [1] });
  expect(leakage({ split, places, spec: SPEC }).overlaps).toEqual([]);
});

test('leakage() sees windows in no set that training learns the word of the teacher on', () => {
  const places = placesOf([
    [0, 0],
    [0, 1000],
    [1, 5000],
  ]);
  const split = splitOf({ train: [2], test: [1], unseen: [1] });
  expect(leakage({ split, places, spec: SPEC }).overlaps).toEqual([
    { sets: ['test', 'taught'], windows: 1 },
  ]);
  const hidden = splitOf({ train: [2], test: [1], unseen: [0, 1] });
  expect(leakage({ split: hidden, places, spec: SPEC }).warnings).toEqual([]);
});

test('leakage() counts each edge between seen and unseen once', () => {
  const places = placesOf([
    [0, 0],
    [1, 0],
    [1, 9000],
  ]);
  const split = splitOf({ train: [0], test: [1, 2], unseen: [1, 2] });
  const sources = Int32Array.of(0, 1, 0);
  const targets = Int32Array.of(1, 2, 2);
  const { adjacency: edges } = buildAdjacency({ nodeCount: 3, sources, targets });
  const found = leakage({ split, places, spec: SPEC, edges });
  expect(found.crossingEdges).toBe(2);
  expect(found.warnings).toEqual([expect.stringContaining('2 edges join windows')]);
});

test('leakage() knows how far windows by count reach', () => {
  const { windowMs: _, strideMs: __, ...common } = SPEC;
  const spec = { ...common, windowSamples: 4, strideSamples: 2 };
  const places = placesOf([0, 10, 500, 510].map((time) => [0, time] as const));
  const of = (train: number[], test: number[]) =>
    leakage({ split: splitOf({ train, test, unseen: test }), places, spec }).overlaps;
  expect(of([0, 1], [2])[0]).toEqual({ sets: ['train', 'test'], windows: 1 });
  expect(of([0], [2, 3])).toEqual([{ sets: ['test', 'taught'], windows: 1 }]);
});
