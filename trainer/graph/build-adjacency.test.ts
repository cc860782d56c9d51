import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildAdjacency } from './build-adjacency.ts';

const edgeLists = fc.integer({ min: 1, max: 30 }).chain((nodeCount) => {
  const node = fc.integer({ min: 0, max: nodeCount - 1 });
  return fc.record({
    nodeCount: fc.constant(nodeCount),
    pairs: fc.array(fc.tuple(node, node), { maxLength: 120 }),
  });
});

function build(nodeCount: number, pairs: readonly (readonly [number, number])[]) {
  return buildAdjacency({
    nodeCount,
    sources: Int32Array.from(pairs, ([source]) => source),
    targets: Int32Array.from(pairs, ([, target]) => target),
  });
}

test('buildAdjacency() gives exactly the pairs, symmetric, ascending, once each', () => {
  fc.assert(
    fc.property(edgeLists, ({ nodeCount, pairs }) => {
      const { adjacency, edges } = build(nodeCount, pairs);
      const wanted = new Set<string>();
      for (const [a, b] of pairs) if (a !== b) wanted.add(`${a},${b}`).add(`${b},${a}`);
      const found: string[] = [];
      for (let node = 0; node < nodeCount; node++) {
        const row = adjacency.indices.subarray(
          adjacency.offsets[node],
          adjacency.offsets[node + 1],
        );
        for (let e = 1; e < row.length; e++) expect(row[e]).toBeGreaterThan(row[e - 1]);
        for (const neighbour of row) found.push(`${node},${neighbour}`);
      }
      expect(found.length).toBe(adjacency.indices.length);
      expect(new Set(found)).toEqual(wanted);
      expect(edges).toBe(wanted.size / 2);
    }),
  );
});

test('buildAdjacency() counts self-loops, repeats and edges given in both directions', () => {
  fc.assert(
    fc.property(edgeLists, ({ nodeCount, pairs }) => {
      const { selfLoops, duplicates, reciprocal } = build(nodeCount, pairs);
      const directed = new Set(pairs.filter(([a, b]) => a !== b).map(String));
      const undirected = new Set([...directed].map((pair) => pair.split(',').sort().join()));
      const loops = pairs.filter(([a, b]) => a === b).length;
      expect(selfLoops).toBe(loops);
      expect(duplicates).toBe(pairs.length - loops - undirected.size);
      expect(reciprocal).toBe(directed.size - undirected.size);
    }),
  );
});

test('buildAdjacency() does not depend on order or direction', () => {
  fc.assert(
    fc.property(edgeLists, ({ nodeCount, pairs }) => {
      const turned = pairs.map(([a, b]) => [b, a] as const).reverse();
      expect(build(nodeCount, turned)).toEqual(build(nodeCount, pairs));
    }),
  );
});

test('buildAdjacency() counts self-loops and repeats in either direction', () => {
  const { adjacency, ...counts } = build(3, [
    [0, 1],
    [1, 0],
    [0, 1],
    [2, 2],
  ]);
  expect(counts).toEqual({ edges: 1, selfLoops: 1, duplicates: 2, reciprocal: 1 });
  expect([...adjacency.offsets]).toEqual([0, 1, 2, 2]);
});
