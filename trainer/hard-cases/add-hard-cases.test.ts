import type { FloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepare } from '../run/prepare.ts';
import { DEFAULTS } from '../run/train-options.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { addHardCases } from './add-hard-cases.ts';
import type { HardCases } from './read-hard-cases.ts';

function loadedOf(kind: 'dense' | 'sparse') {
  const { graph, split } = createClusterGraph({ kind });
  return { graph, split, splitName: 'public' as const, notes: [] };
}

/** The rows of some nodes, dense. */
function rowsOf({ graph }: ReturnType<typeof loadedOf>, nodes: number[]): FloatRows {
  const { width } = graph.features.rows;
  const values = new Float32Array(nodes.length * width);
  nodes.forEach((node, i) => {
    if (graph.features.kind === 'dense') {
      values.set(graph.features.rows.values.subarray(node * width, (node + 1) * width), i * width);
      return;
    }
    const { offsets, indices } = graph.features.rows;
    for (let e = offsets[node]; e < offsets[node + 1]; e++) values[i * width + indices[e]] = 1;
  });
  return { count: nodes.length, width, values };
}

const casesOf = (rows: FloatRows, labels: readonly string[]): HardCases => ({
  rows,
  labels,
  sha256: '0'.repeat(64),
});

const shifted = (rows: FloatRows): FloatRows => ({
  ...rows,
  values: rows.values.map((value, at) => (at % rows.width < 4 ? 1 - Math.sign(value) : value)),
});

test.each(['dense', 'sparse'] as const)(
  'addHardCases() appends labelled nodes without neighbours to %s data',
  (kind) => {
    const loaded = loadedOf(kind);
    const rows = shifted(rowsOf(loaded, [0, 1, 2]));
    const { graph, split, hardCases, notes } = addHardCases(
      loaded,
      casesOf(rows, ['class-1', 'class-2', 'odd']),
    );
    expect(hardCases).toEqual({
      sha256: '0'.repeat(64),
      given: 3,
      used: 2,
      heldOut: 0,
      unknownClasses: { odd: 1 },
    });
    expect(notes.join(' ')).toContain("1 of 'odd'");
    expect(graph.features.rows.count).toBe(122);
    expect([...graph.labels.slice(119)]).toEqual([loaded.graph.labels[119], 1, 2]);
    expect(graph.adjacency.nodeCount).toBe(122);
    expect([...graph.adjacency.offsets.slice(120)]).toEqual(
      Array(3).fill(loaded.graph.adjacency.indices.length),
    );
    expect([...split.train]).toEqual([...loaded.split.train, 120, 121]);
    expect([split.validation, split.test, split.unlabelled]).toEqual([
      loaded.split.validation,
      loaded.split.test,
      loaded.split.unlabelled,
    ]);
    expect(rowsOf({ ...loaded, graph }, [120, 121]).values).toEqual(
      rows.values.slice(0, 2 * rows.width).map((v) => (Object.is(v, -0) ? 0 : v)),
    );
    // The road to training takes them.
    const prepared = prepare(
      graph,
      split,
      { ...DEFAULTS, setting: 'ind', widths: [4] },
      createRandom(1),
    );
    expect(prepared.visible).toContain(121);
    expect(prepared.taught).toContain(121);
  },
);

test.each(['dense', 'sparse'] as const)(
  'addHardCases() leaves out %s rows of held-out nodes, whatever they round to',
  (kind) => {
    const loaded = loadedOf(kind);
    const { train, validation, test: tested, unlabelled } = loaded.split;
    const held = [validation[3], tested[5], unlabelled[0]];
    const rows = rowsOf(loaded, [...held, train[0]]);
    if (kind === 'dense') {
      // Half a code of 1/16 deviations, as an edge gives rows back.
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: -0.03, max: 0.03, noNaN: true }), {
            minLength: rows.values.length,
            maxLength: rows.values.length,
          }),
          (by) => {
            const rounded = { ...rows, values: rows.values.map((value, at) => value + by[at]) };
            const { hardCases } = addHardCases(loaded, casesOf(rounded, Array(4).fill('class-0')));
            expect(hardCases).toMatchObject({ used: 1, heldOut: 3 });
          },
        ),
        { numRuns: 20 },
      );
    }
    const { hardCases } = addHardCases(loaded, casesOf(rows, Array(4).fill('class-0')));
    expect(hardCases.used + hardCases.heldOut).toBe(4);
    expect(hardCases.heldOut).toBeGreaterThanOrEqual(3);
  },
);

test('addHardCases() gives cases a place of their own in a plant, and refuses what sparse rows cannot hold', () => {
  const loaded = loadedOf('dense');
  const nodes = loaded.graph.labels.length;
  const places = {
    assets: ['press'],
    kinds: ['press'],
    runs: ['monday'],
    asset: new Int32Array(nodes),
    run: new Int32Array(nodes),
    time: Float64Array.from({ length: nodes }, (_, i) => i),
  };
  const inPlant = { ...loaded, graph: { ...loaded.graph, places } };
  const { graph } = addHardCases(
    inPlant,
    casesOf(shifted(rowsOf(loaded, [0, 1])), ['class-1', 'class-2']),
  );
  expect(graph.places?.assets).toEqual(['press', 'hard case']);
  expect([...(graph.places?.asset.slice(-3) ?? [])]).toEqual([0, 1, 1]);
  expect([...(graph.places?.run.slice(-2) ?? [])]).toEqual([1, 1]);
  expect(graph.places?.time).toHaveLength(nodes + 2);
  const sparse = loadedOf('sparse');
  const negative = rowsOf(sparse, [0]);
  negative.values[0] = -1;
  expect(() => addHardCases(sparse, casesOf(negative, ['class-0']))).toThrow(
    expect.objectContaining({ code: 'data-invalid', field: '--hard-cases' }),
  );
});
