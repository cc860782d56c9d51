import type { TelemetrySpec } from '@dandan/shared/features';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodePlaces } from '../graph/graph-data.ts';
import { overlappingWindows, windowLines, windowStarts } from './window-lines.ts';

const COMMON = {
  kind: 'telemetry' as const,
  channels: [{ name: 'vibration', unit: 'mm/s' }],
  statistics: ['mean' as const],
};
const BY_TIME: TelemetrySpec = { ...COMMON, windowMs: 3000, strideMs: 1000 };
const BY_COUNT: TelemetrySpec = { ...COMMON, windowSamples: 4, strideSamples: 2 };

function placesOf(nodes: readonly (readonly [run: number, asset: number, time: number])[]) {
  const places: NodePlaces = {
    assets: ['a', 'b', 'c'],
    kinds: [undefined, undefined, undefined],
    runs: ['x', 'y', 'z'],
    run: Int32Array.from(nodes, ([run]) => run),
    asset: Int32Array.from(nodes, ([, asset]) => asset),
    time: Float64Array.from(nodes, ([, , time]) => time),
  };
  return places;
}

test('windowLines() are those of one asset in one run, in the order of time', () => {
  const small = fc.nat({ max: 2 });
  fc.assert(
    fc.property(fc.array(fc.tuple(small, small, fc.nat({ max: 99 }))), (nodes) => {
      const lines = windowLines(placesOf(nodes));
      const all = lines.flatMap((line) => [...line.nodes]);
      expect(all.toSorted((a, b) => a - b)).toEqual([...nodes.keys()]);
      for (const { run, asset, nodes: own, times } of lines) {
        expect(own.length).toBeGreaterThan(0);
        expect([...times]).toEqual(Array.from(own, (node) => nodes[node][2]));
        expect(times).toEqual(times.toSorted());
        for (const node of own) expect(nodes[node].slice(0, 2)).toEqual([run, asset]);
      }
      const keys = lines.map(({ run, asset }) => 3 * run + asset);
      expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
    }),
  );
});

test('overlappingWindows() are as many as share a reading with one before', () => {
  expect(overlappingWindows(BY_TIME)).toBe(2);
  expect(overlappingWindows({ ...BY_TIME, strideMs: 3000 })).toBe(0);
  expect(overlappingWindows({ ...BY_TIME, strideMs: 2000 })).toBe(1);
  expect(overlappingWindows(BY_COUNT)).toBe(1);
});

test('windowStarts() are a window earlier, or where the last window ended that shares nothing', () => {
  const places = placesOf([
    [0, 0, 5000],
    [0, 0, 5010],
    [0, 1, 5500],
    [0, 0, 5100],
  ]);
  expect([...windowStarts(places, BY_TIME)]).toEqual([2000, 2010, 2500, 2100]);
  // The first two of a line are taken to be as long as the third; one alone has no length.
  expect([...windowStarts(places, BY_COUNT)]).toEqual([4900, 4910, 5500, 5000]);
});
