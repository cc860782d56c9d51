import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type QuantisedRows, SCALAR_KERNELS } from '../../kernel/index.ts';
import { climb, randomCase } from '../../testing/index.ts';
import { usableKernels } from './choose-kernels.ts';
import { createBlock } from './create-block.ts';
import { race } from './race.ts';
import { createTrial } from './trial.ts';

const VECTOR_KERNELS = usableKernels().filter(({ path }) => path !== 'scalar');

const seeds = fc.nat({ max: 2 ** 31 - 1 });

/** Rows of these lengths, each entry in its place. */
function sparseRows(lengths: readonly number[], width: number): QuantisedRows {
  const offsets = Int32Array.from([0, ...lengths.map((_, i) => sum(lengths.slice(0, i + 1)))]);
  const columns = lengths.flatMap((length) => Array.from({ length }, (_, e) => e));
  const codes = Uint8Array.from(columns, (e) => 1 + (e % 127));
  return {
    kind: 'sparse',
    count: lengths.length,
    width,
    offsets,
    indices: Int32Array.from(columns),
    codes,
  };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

const codeOf = (attempt: () => unknown) => {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe.each(VECTOR_KERNELS)('$path', (kernels) => {
  test('refuses the sparse rows that the scalar definition refuses, wherever the damage is', () => {
    const width = 40;
    const { model } = createTrial({ width, units: 3, count: 1, sparse: true });
    const block = createBlock(model, kernels);
    const definition = createBlock(model, SCALAR_KERNELS);
    const lengths = fc.array(fc.nat({ max: width }), { minLength: 1, maxLength: 6 });
    const damage = fc.record({
      at: fc.nat(),
      index: fc.option(fc.constantFrom(-1, 0, 1, 7, 39, 40, 2 ** 31 - 1), {
        nil: undefined,
        freq: 1,
      }),
      code: fc.option(fc.constantFrom(0, 1, 127, 128, 255), { nil: undefined, freq: 2 }),
    });
    let refused = 0;
    fc.assert(
      fc.property(lengths, damage, (all, { at, index, code }) => {
        const rows = sparseRows(all, width) as QuantisedRows & { kind: 'sparse' };
        if (rows.codes.length > 0) {
          const place = at % rows.codes.length;
          if (index !== undefined) rows.indices[place] = index;
          if (code !== undefined) rows.codes[place] = code;
        }
        const expected = codeOf(() => definition.load(rows, 0));
        if (expected) refused++;
        expect(codeOf(() => block.load(rows, 0))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(200);
    expect(refused).toBeLessThan(950);
  });

  test('gives the bits of the scalar definition for every shape, whatever stops', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const made = randomCase(seed);
        expect(climb(made, kernels)).toEqual(climb(made, SCALAR_KERNELS));
      }),
      { numRuns: 1000 },
    );
  });

  test('gives the same bits one row at a time, in fours and all at once', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(1, 2, 3, 4, 5), (seed, rowsAtOnce) => {
        const made = randomCase(seed);
        expect(climb(made, kernels, rowsAtOnce)).toEqual(climb(made, kernels));
      }),
      { numRuns: 300 },
    );
  });

  test('refuses codes and columns out of range, which other kernels could read otherwise', () => {
    const refusal = expect.objectContaining({ code: 'rows-malformed' });
    const dense = createTrial({ width: 21, units: 3, count: 5, sparse: false });
    const sparse = createTrial({ width: 21, units: 3, count: 5, sparse: true });
    const change = (rows: QuantisedRows, at: number, code: number) => {
      const codes = rows.codes.slice();
      codes[at] = code;
      return { ...rows, codes };
    };
    for (let at = 0; at < dense.rows.codes.length; at++) {
      const block = createBlock(dense.model, kernels);
      expect(() => block.load(change(dense.rows, at, 128), 0)).toThrow(refusal);
      expect(block.load(change(dense.rows, at, 0), 0)).toBe(5);
    }
    const block = createBlock(sparse.model, kernels);
    expect(() => block.load(change(sparse.rows, 7, 128), 0)).toThrow(refusal);
    expect(() => block.load(change(sparse.rows, 7, 0), 0)).toThrow(refusal);
    if (sparse.rows.kind !== 'sparse') throw new Error('The trial is sparse');
    for (const index of [-1, 21, 2 ** 31 - 1, 6]) {
      const indices = sparse.rows.indices.slice();
      indices[7] = index;
      expect(() => block.load({ ...sparse.rows, indices } as QuantisedRows, 0)).toThrow(refusal);
    }
    const offsets = sparse.rows.offsets.slice();
    offsets[2] = 1;
    expect(() => block.load({ ...sparse.rows, offsets } as QuantisedRows, 0)).toThrow(refusal);
  });
});

test('race() names the quicker one, and the first where the clock stands still', () => {
  const [first, second] = VECTOR_KERNELS;
  expect(race(first, second, () => 5)).toBe(first);
  // Only what the clock says counts: laps of the first take 2 ms, of the second 1 ms.
  let time = 0;
  let reads = 0;
  const clock = () => {
    // Each round reads begin and end of both laps, then the time of the round.
    const step = [0, 2, 0, 1, 0][reads++ % 5];
    time += step;
    return time;
  };
  reads = -1 + 5;
  expect(race(first, second, clock)).toBe(second);
});
