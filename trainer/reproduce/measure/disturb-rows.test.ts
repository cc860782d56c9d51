import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import type { NodePlaces } from '../../graph/graph-data.ts';
import { type Disturbance, disturbRows } from './disturb-rows.ts';

const WIDTH = 4;
const COUNT = 600;
/** Level and slope of one sensor and whether it is silent, and a sensor of one column. */
const CHANNELS = [
  { name: 'flow', columns: [0, 1], level: [0], missing: [2] },
  { name: 'pressure', columns: [3], level: [3], missing: [] },
];
const DEVIATION = [2, 5, 1, 0.1];
const rows = {
  count: COUNT,
  width: WIDTH,
  values: Float32Array.from({ length: COUNT * WIDTH }, (_, at) => (at % WIDTH === 2 ? 0 : at % 11)),
};
/** Every other node, which are windows of two assets in turn. */
const nodes = Int32Array.from({ length: COUNT / 2 }, (_, i) => 2 * i);
const places: NodePlaces = {
  assets: ['a', 'b'],
  kinds: [undefined, undefined],
  runs: [''],
  asset: Int32Array.from({ length: COUNT }, (_, node) => (node >> 1) % 2),
  run: new Int32Array(COUNT),
  time: Float64Array.from({ length: COUNT }, (_, node) => 1000 * node),
};

const disturbed = (disturbance: Disturbance, more: { places?: NodePlaces; seed?: number } = {}) =>
  disturbRows({
    ...{ rows, nodes, disturbance, channels: CHANNELS, deviation: DEVIATION },
    places: more.places,
    random: createRandom(more.seed ?? 1),
  });

/** What was added to column j of every node. */
const added = ({ values }: { values: Float32Array }, j: number) =>
  Array.from(nodes, (node, i) => values[i * WIDTH + j] - rows.values[node * WIDTH + j]);

const deviationOf = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

test.each(['noise', 'silence', 'shift', 'drift'] as const)(
  'disturbRows() at level 0 gives the rows as they are: %s',
  (kind) => {
    const { values, count, width } = disturbed({ kind, level: 0 }, { places });
    expect([count, width]).toEqual([nodes.length, WIDTH]);
    nodes.forEach((node, i) => {
      const own = rows.values.subarray(node * WIDTH, (node + 1) * WIDTH);
      expect(values.subarray(i * WIDTH, (i + 1) * WIDTH)).toEqual(own);
    });
  },
);

test('disturbRows() adds noise to readings in their own deviations', () => {
  const noisy = disturbed({ kind: 'noise', level: 0.5 });
  for (const j of [0, 1, 3]) {
    // Four standard errors of a deviation over 300 rows are 16 %.
    expect(Math.abs(deviationOf(added(noisy, j)) / (0.5 * DEVIATION[j]) - 1)).toBeLessThan(0.16);
  }
  expect(added(noisy, 2).every((value) => value === 0)).toBe(true);
});

test('disturbRows() silences whole channels, as many as it should', () => {
  const { values } = disturbed({ kind: 'silence', level: 0.4 });
  let silent = 0;
  for (let at = 0; at < values.length; at += WIDTH) {
    const gone = Number.isNaN(values[at]);
    expect(Number.isNaN(values[at + 1])).toBe(gone);
    expect(values[at + 2]).toBe(gone ? 1 : 0);
    silent += Number(gone);
  }
  expect(Math.abs(silent - 0.4 * nodes.length)).toBeLessThan(4 * Math.sqrt(nodes.length * 0.24));
});

test('disturbRows() shifts a channel of an asset one way, and its level only', () => {
  const shifted = disturbed({ kind: 'shift', level: 1 }, { places });
  for (const asset of [0, 1]) {
    const own = added(shifted, 0).filter((_, i) => i % 2 === asset);
    expect(Math.abs(own[0])).toBeCloseTo(DEVIATION[0], 4);
    for (const value of own) expect(value).toBeCloseTo(own[0], 4);
  }
  expect(deviationOf(added(shifted, 1))).toBe(0);
});

test('disturbRows() lets a drift grow from nothing to its level over the time', () => {
  const offsets = added(disturbed({ kind: 'drift', level: 2 }, { places }), 0);
  expect(offsets[0]).toBe(0);
  expect(Math.abs(offsets.at(-1) ?? 0)).toBeCloseTo(2 * DEVIATION[0], 4);
  const own = offsets.filter((_, i) => i % 2 === 0).map(Math.abs);
  expect(own.every((value, i) => i === 0 || value > own[i - 1])).toBe(true);
});

test('disturbRows() without places moves every row by itself', () => {
  const signs = new Set(added(disturbed({ kind: 'shift', level: 1 }), 0).map(Math.sign));
  expect(signs).toEqual(new Set([-1, 1]));
});

test('disturbRows() gives the same rows of the same random numbers', () => {
  const noise = { kind: 'noise', level: 1 } as const;
  expect(disturbed(noise)).toEqual(disturbed(noise));
  expect(disturbed(noise, { seed: 2 })).not.toEqual(disturbed(noise));
});
