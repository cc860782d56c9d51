import { createPlant } from '@dandan/shared/plant';
import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plantTopology } from '../../plant/index.ts';
import type { Topology } from '../topology.ts';
import { assetPositions } from './index.ts';
import { smoothestVectors } from './smoothest-vectors.ts';
import { symmetricEigenvectors } from './symmetric-eigenvectors.ts';

function topologyOf(...edges: readonly string[]): Topology {
  const pairs = edges.map((edge) => edge.split('>'));
  return {
    assets: [...new Set(pairs.flat())].map((name) => ({ name })),
    edges: pairs.map(([from, to]) => ({ from, to, kind: 'flow' })),
  };
}

const LINE = topologyOf('a>b', 'b>c', 'c>d', 'd>e');

test('assetPositions() runs along the flow, and then half a turn faster with every coordinate', () => {
  const { dimensions, assets } = assetPositions(LINE, 2);
  expect(dimensions).toBe(2);
  // A path's eigenvectors are cosines: √2 cos(π k (i + ½) / n).
  ['a', 'b', 'c', 'd', 'e'].forEach((name, i) => {
    expect(assets[name][0]).toBeCloseTo(-Math.SQRT2 * Math.cos((Math.PI * (i + 0.5)) / 5), 5);
    expect(Math.abs(assets[name][1])).toBeCloseTo(
      Math.abs(Math.SQRT2 * Math.cos((2 * Math.PI * (i + 0.5)) / 5)),
      5,
    );
  });
});

test('assetPositions() keeps its numbers for ever', () => {
  expect(assetPositions(topologyOf('a>b', 'b>c', 'b>d'), 3).assets).toMatchInlineSnapshot(`
    {
      "a": [
        -0.331721,
        -1.598946,
        0.57735,
      ],
      "b": [
        0,
        0,
        -1.732051,
      ],
      "c": [
        -1.218868,
        1.086751,
        0.57735,
      ],
      "d": [
        1.550588,
        0.512195,
        0.57735,
      ],
    }
  `);
});

test('assetPositions() turns with the flow', () => {
  const against = topologyOf('e>d', 'd>c', 'c>b', 'b>a');
  const [along, back] = [LINE, against].map((drawn) => assetPositions(drawn, 1).assets);
  for (const name of 'abcde') expect(back[name][0]).toBe(-along[name][0] + 0);
});

test('assetPositions() are those of the place in a line, whichever line it is', () => {
  const plant = createPlant({ seed: 1, lines: 3, machinesPerLine: 4 });
  const { assets } = assetPositions(plantTopology(plant), 3);
  const [first, ...others] = [0, 4, 8].map((from) =>
    plant.assets.slice(from, from + 4).map((name) => assets[name]),
  );
  for (const other of others) expect(other).toEqual(first);
});

test('assetPositions() has zeros for what a small line does not tell', () => {
  const drawn: Topology = { ...topologyOf('a>b'), assets: [{ name: 'alone' }] };
  expect(assetPositions(drawn, 2)).toEqual({
    dimensions: 2,
    assets: { a: [-1, 0], alone: [0, 0], b: [1, 0] },
  });
});

const drawing = fc
  .integer({ min: 1, max: 30 })
  .chain((count) =>
    fc.array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 })), { maxLength: 60 }),
  );

test('assetPositions() do not depend on the order of a file, nor on edges drawn twice', () => {
  fc.assert(
    fc.property(drawing, fc.integer({ min: 1, max: 5 }), fc.nat(), (pairs, dimensions, seed) => {
      const edges = pairs.map(([from, to]) => ({ from: `m${from}`, to: `m${to}`, kind: '' }));
      const assets = [{ name: 'm0' }, { name: 'm29' }];
      const drawn = assetPositions({ assets, edges }, dimensions);
      const random = createRandom(seed);
      const other = {
        assets: [...assets].reverse(),
        edges: random.shuffle([...edges, ...edges]),
      };
      expect(assetPositions(other, dimensions)).toEqual(drawn);
      for (const own of Object.values(drawn.assets)) {
        expect(own).toHaveLength(dimensions);
        for (const value of own) {
          expect(Number.isFinite(value)).toBe(true);
          expect(Object.is(value, -0)).toBe(false);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('assetPositions() of names that objects have by nature are their own', () => {
  const { assets } = assetPositions(topologyOf('__proto__>constructor'), 1);
  expect(Object.entries(assets)).toEqual([
    ['__proto__', [-1]],
    ['constructor', [1]],
  ]);
});

test.each([0, 257, 1.5, Number.NaN])('assetPositions() refuses %d dimensions', (dimensions) => {
  expect(() => assetPositions(LINE, dimensions)).toThrow(
    expect.objectContaining({ code: 'option-invalid', field: 'dimensions' }),
  );
});

test('assetPositions() refuses a drawing without machines', () => {
  expect(() => assetPositions({ assets: [], edges: [] }, 2)).toThrow(
    expect.objectContaining({ code: 'option-invalid', field: 'assets' }),
  );
});

test('symmetricEigenvectors() are orthonormal and give the matrix back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (n, seed) => {
      const random = createRandom(seed);
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        // Whole numbers: equal eigenvalues happen.
        for (let j = i; j < n; j++) matrix[i * n + j] = matrix[j * n + i] = random.below(5) - 2;
      }
      const { values, vectors } = symmetricEigenvectors(matrix, n);
      expect(values).toEqual(values.toSorted());
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let product = 0;
          let rebuilt = 0;
          for (let k = 0; k < n; k++) {
            product += vectors[i * n + k] * vectors[j * n + k];
            rebuilt += values[k] * vectors[k * n + i] * vectors[k * n + j];
          }
          expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
          expect(rebuilt).toBeCloseTo(matrix[i * n + j], 10);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('smoothestVectors() finds those of a line too long to take whole', () => {
  const n = 200;
  const laplacian = new Float64Array(n * n);
  for (let i = 0; i + 1 < n; i++) {
    laplacian[i * n + i]++;
    laplacian[(i + 1) * n + i + 1]++;
    laplacian[i * n + i + 1] = laplacian[(i + 1) * n + i] = -1;
  }
  smoothestVectors(laplacian, n, 4).forEach((vector, k) => {
    const cosine = Float64Array.from(
      vector,
      (_, i) => Math.sqrt(2 / n) * Math.cos((Math.PI * (k + 1) * (i + 0.5)) / n),
    );
    const along = vector.reduce((sum, value, i) => sum + value * cosine[i], 0);
    expect(Math.abs(along)).toBeCloseTo(1, 10);
  });
});
