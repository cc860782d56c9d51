import type { FloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Guard, type Nearest, nearestNeighbours } from './index.ts';

function rowsOf(lists: readonly (readonly number[])[]): FloatRows {
  const width = lists[0]?.length ?? 0;
  return { count: lists.length, width, values: Float32Array.from(lists.flat()) };
}

/** By the definition: all distances, sorted. */
function reference({ count, width, values }: FloatRows, neighbours: number, guard?: Guard) {
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: count }, (_, other) => {
      let distance = 0;
      for (let j = 0; j < width; j++) {
        distance += (values[row * width + j] - values[other * width + j]) ** 2;
      }
      return { other, distance };
    })
      .filter(({ other }) => {
        if (other === row) return false;
        if (guard === undefined || guard.group[row] !== guard.group[other]) return true;
        return Math.abs(guard.position[row] - guard.position[other]) > guard.reach;
      })
      .sort((a, b) => a.distance - b.distance || a.other - b.other)
      .slice(0, neighbours),
  );
}

function listsOf({ indices, distances }: Nearest, neighbours: number) {
  const rows = indices.length / neighbours;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: neighbours }, (_, i) => ({
      other: indices[row * neighbours + i],
      distance: distances[row * neighbours + i],
    })).filter(({ other }) => other >= 0),
  );
}

/** Whole numbers, whose distances are exact in whatever order they are added, and often equal. */
const wholeRows = fc
  .record({ count: fc.integer({ min: 1, max: 40 }), width: fc.integer({ min: 1, max: 9 }) })
  .chain(({ count, width }) =>
    fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: width, maxLength: width }), {
      minLength: count,
      maxLength: count,
    }),
  );

test('nearestNeighbours() finds what the definition finds', async () => {
  await fc.assert(
    fc.asyncProperty(wholeRows, fc.integer({ min: 1, max: 12 }), async (lists, neighbours) => {
      const rows = rowsOf(lists);
      const found = await nearestNeighbours({ rows, neighbours, seed: 1 });
      expect(found.isExact).toBe(true);
      expect(listsOf(found, neighbours)).toEqual(reference(rows, neighbours));
    }),
  );
});

test('nearestNeighbours() passes over pairs that its guard excludes, exact or not', async () => {
  await fc.assert(
    fc.asyncProperty(wholeRows, fc.integer({ min: 0, max: 4 }), async (lists, reach) => {
      const rows = rowsOf(lists);
      const guard: Guard = {
        group: Int32Array.from(lists, (_, row) => row % 2),
        position: Float64Array.from(lists, (_, row) => row / 2),
        reach,
      };
      const expected = reference(rows, 3, guard);
      const options = { rows, neighbours: 3, guard, seed: 1 };
      expect(listsOf(await nearestNeighbours(options), 3)).toEqual(expected);
      // Fewer rows than a leaf holds: the search compares all of them, too.
      const approximate = await nearestNeighbours({ ...options, exactRows: 0 });
      expect(approximate.isExact).toBe(false);
      expect(listsOf(approximate, 3)).toEqual(expected);
    }),
  );
});

test('nearestNeighbours() is exact over more rows than a block holds', async () => {
  const random = createRandom(1);
  const rows = rowsOf(
    Array.from({ length: 300 }, () => Array.from({ length: 5 }, () => random.below(100))),
  );
  const found = await nearestNeighbours({ rows, neighbours: 7, seed: 1 });
  expect(listsOf(found, 7)).toEqual(reference(rows, 7));
});

/** As telemetry is: a few things that happen, seen by many sensors with noise. */
function likeTelemetry(count: number, width: number, causes: number): FloatRows {
  const random = createRandom(count);
  const mix = Float64Array.from({ length: causes * width }, () => random.normal());
  const values = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const cause = Array.from({ length: causes }, () => random.normal());
    for (let j = 0; j < width; j++) {
      values[row * width + j] = cause.reduce(
        (sum, c, i) => sum + c * mix[i * width + j],
        0.3 * random.normal(),
      );
    }
  }
  return { count, width, values };
}

test('nearestNeighbours() misses few of many rows, and none that is much nearer', async () => {
  const rows = likeTelemetry(3000, 32, 6);
  const neighbours = 8;
  const truth = await nearestNeighbours({ rows, neighbours, seed: 1 });
  const found = await nearestNeighbours({ rows, neighbours, seed: 1, exactRows: 0 });
  let hits = 0;
  for (let row = 0; row < rows.count; row++) {
    const own = new Set(found.indices.subarray(row * neighbours, (row + 1) * neighbours));
    for (let i = 0; i < neighbours; i++)
      hits += Number(own.has(truth.indices[row * neighbours + i]));
  }
  expect(hits / truth.indices.length).toBeGreaterThan(0.97);
  const sum = (list: Float64Array) => list.reduce((total, d) => total + Math.sqrt(d), 0);
  expect(sum(found.distances) / sum(truth.distances)).toBeLessThan(1.005);
});

test('nearestNeighbours() repeats to the bit and differs between seeds where it searches', async () => {
  const rows = likeTelemetry(2000, 16, 12);
  const of = (seed: number) =>
    nearestNeighbours({ rows, neighbours: 4, seed, exactRows: 0, effort: 0.2 });
  const first = await of(1);
  expect(await of(1)).toEqual(first);
  expect((await of(2)).indices).not.toEqual(first.indices);
});

test('nearestNeighbours() copes with copies of one row', async () => {
  const rows = rowsOf(Array.from({ length: 500 }, () => [1, 2]));
  const { indices, distances } = await nearestNeighbours({
    rows,
    neighbours: 5,
    seed: 1,
    exactRows: 0,
  });
  expect(distances.every((distance) => distance === 0)).toBe(true);
  for (let row = 0; row < 500; row++) {
    const own = indices.subarray(row * 5, row * 5 + 5);
    expect(new Set(own).size).toBe(5);
    expect(own).not.toContain(row);
  }
});

test.each([0, 499])(
  'nearestNeighbours() has −1 where there are too few rows (exact to %i)',
  async (exactRows) => {
    const rows = rowsOf([[0], [3]]);
    const { indices, distances } = await nearestNeighbours({
      rows,
      neighbours: 2,
      seed: 1,
      exactRows,
    });
    expect([...indices]).toEqual([1, -1, 0, -1]);
    expect([...distances]).toEqual([9, Number.POSITIVE_INFINITY, 9, Number.POSITIVE_INFINITY]);
  },
);

test.each([0, -1, 1.5, Number.NaN])(
  'nearestNeighbours() refuses %d neighbours',
  async (neighbours) => {
    await expect(
      nearestNeighbours({ rows: rowsOf([[1]]), neighbours, seed: 1 }),
    ).rejects.toMatchObject({ code: 'option-invalid', field: 'neighbours' });
  },
);

test.each([0, 10_000])(
  'nearestNeighbours() stops when asked to and tells how far it is (exact to %i)',
  async (exactRows) => {
    const rows = likeTelemetry(4000, 32, 6);
    const shares: number[] = [];
    const stop = new AbortController();
    const reason = new Error('stopped');
    const stopped = nearestNeighbours({
      rows,
      neighbours: 4,
      seed: 1,
      exactRows,
      signal: stop.signal,
      onProgress(share) {
        shares.push(share);
        stop.abort(reason);
      },
    });
    await expect(stopped).rejects.toBe(reason);
    expect(shares).toHaveLength(1);
    expect(shares[0]).toBeGreaterThanOrEqual(0);
    expect(shares[0]).toBeLessThanOrEqual(1);
  },
);
