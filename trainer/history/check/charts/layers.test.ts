import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layersOf } from './layers.ts';

const topologyOf = (names: string, ...pairs: string[]) => ({
  assets: [...names].map((name) => ({ name })),
  edges: pairs.map(([from, to]) => ({ from, to, kind: '' })),
});

test('layersOf() goes with the flow, and leaves what nothing joins for the end', () => {
  const { layers, back } = layersOf(topologyOf('xcabd', 'ac', 'bc', 'cd', 'ad'));
  expect(layers).toEqual([['a', 'b'], ['c'], ['d'], ['x']]);
  expect(back.size).toBe(0);
});

test('layersOf() takes one edge of a circle for the way back', () => {
  const { layers, back } = layersOf(topologyOf('abc', 'ab', 'bc', 'cb'));
  expect(layers).toEqual([['a'], ['b'], ['c']]);
  expect([...back].map(({ from, to }) => from + to)).toEqual(['cb']);
  expect(layersOf(topologyOf('ab', 'ab', 'ba')).layers).toEqual([['a'], ['b']]);
});

test('layersOf() orders machines by what feeds them', () => {
  const { layers } = layersOf(topologyOf('abcd', 'ad', 'bc'));
  expect(layers).toEqual([
    ['a', 'b'],
    ['d', 'c'],
  ]);
});

test('layersOf() places every machine once, and edges but those back lead right', () => {
  const names = 'abcdefgh';
  const pair = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names));
  fc.assert(
    fc.property(fc.array(pair), (pairs) => {
      const ends = pairs.filter(([from, to]) => from !== to).map(([from, to]) => from + to);
      const topology = topologyOf(names, ...ends);
      const { layers, back } = layersOf(topology);
      expect([...layers.flat()].sort()).toEqual([...names]);
      const layer = new Map(layers.flatMap((own, i) => own.map((name) => [name, i] as const)));
      for (const edge of topology.edges.filter((each) => !back.has(each))) {
        expect(layer.get(edge.from)).toBeLessThan(layer.get(edge.to)!);
      }
    }),
  );
});

test('layersOf() walks a line of two thousand machines', () => {
  const assets = Array.from({ length: 2000 }, (_, i) => ({ name: `m${i}` }));
  const edges = assets.slice(1).map(({ name }, i) => ({ from: `m${i}`, to: name, kind: '' }));
  expect(layersOf({ assets, edges }).layers).toHaveLength(2000);
});
