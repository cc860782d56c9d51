import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DenseRows, QuantisedRows } from '../kernel/index.ts';
import { createRandom } from '../random/index.ts';
import { createTestRows } from '../testing/index.ts';
import {
  CHANCE_LIMIT,
  createReference,
  createRowCounter,
  type FeatureReference,
  featureReferenceSchema,
  featureShifts,
  MAX_CUTS,
  MAX_REFERENCE_FEATURES,
  populationStability,
  referenceBins,
} from './index.ts';

const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

function referenceOf(rows: QuantisedRows): FeatureReference {
  const reference = createReference(rows, all(rows.count));
  if (reference === undefined) throw new Error('The test has rows');
  return reference;
}

function countsOf(reference: FeatureReference, rows: QuantisedRows): Uint32Array {
  const counts = new Uint32Array(referenceBins(reference));
  const countRow = createRowCounter(reference);
  for (let row = 0; row < rows.count; row++) countRow(rows, row, counts);
  return counts;
}

/** Rows of normal features with these means, 16 codes a standard deviation. */
function normalRows(count: number, means: readonly number[], seed: number): DenseRows {
  const random = createRandom(seed);
  const width = means.length;
  const codes = Uint8Array.from({ length: count * width }, (_, e) => {
    const code = Math.round(64 + 16 * (means[e % width] + random.normal()));
    return Math.max(0, Math.min(127, code));
  });
  return { kind: 'dense', count, width, codes };
}

const counts = fc.array(fc.nat(10_000), { minLength: 2, maxLength: 12 });

test('populationStability() is 0 for equal counts, never below, and the same both ways', () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      expect(populationStability(a, a)).toBe(0);
      const other = a.map((_, i) => b[i % b.length]);
      const psi = populationStability(a, other);
      expect(psi).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(psi)).toBe(true);
      expect(populationStability(other, a)).toBeCloseTo(psi, 12);
    }),
  );
});

test('populationStability() is what one computes by hand', () => {
  // Shares 0.25 and 0.75 against 0.5 and 0.5, with half a row added to every bin.
  const [p, q] = [25.5 / 101, 75.5 / 101];
  const expected = (p - 0.5) * Math.log(p / 0.5) + (q - 0.5) * Math.log(q / 0.5);
  expect(populationStability([25, 75], [50, 50])).toBeCloseTo(expected, 14);
});

test('createReference() cuts at tenths, and its counts are those of a row counter', () => {
  const rows = normalRows(5000, [0, 1.5], 1);
  const reference = referenceOf(rows);
  expect(featureReferenceSchema.parse(reference)).toEqual(reference);
  for (const { cuts, counts: own } of reference.features) {
    expect(cuts.length).toBeGreaterThanOrEqual(9);
    for (const count of own.slice(0, 9)) expect(Math.abs(count - 500)).toBeLessThan(150);
  }
  expect([...countsOf(reference, rows)]).toEqual(reference.features.flatMap((f) => f.counts));
});

test('createReference() of any rows is valid, bounded, and counts every row once', () => {
  const anyRows = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    width: fc.integer({ min: 1, max: 6 }),
    codes: fc.infiniteStream(
      fc.oneof(fc.integer({ min: 0, max: 127 }), fc.constantFrom(0, 64, 127)),
    ),
  });
  fc.assert(
    fc.property(anyRows, ({ count, width, codes }) => {
      const taken = Uint8Array.from(codes.take(count * width));
      const rows: DenseRows = { kind: 'dense', count, width, codes: taken };
      const reference = referenceOf(rows);
      expect(featureReferenceSchema.parse(reference)).toEqual(reference);
      for (const { cuts } of reference.features) expect(cuts.length).toBeLessThanOrEqual(MAX_CUTS);
      expect([...countsOf(reference, rows)]).toEqual(reference.features.flatMap((f) => f.counts));
    }),
  );
});

test('createReference() sees a constant feature leave its value on either side', () => {
  const constant = (code: number): DenseRows => ({
    kind: 'dense',
    count: 300,
    width: 1,
    codes: new Uint8Array(300).fill(code),
  });
  for (const code of [0, 64, 127]) {
    const reference = referenceOf(constant(code));
    const shift = (other: number) =>
      featureShifts(reference, countsOf(reference, constant(other)), 300)[0];
    expect(shift(code)).toMatchObject({ psi: 0, drifted: false });
    if (code > 0) expect(shift(code - 1).drifted).toBe(true);
    if (code < 127) expect(shift(code + 1).drifted).toBe(true);
  }
});

test('sparse rows: a feature is listed or not', () => {
  const rows = createTestRows({ width: 40, sparse: true }, 400, 3);
  const reference = referenceOf(rows);
  expect(reference.features).toHaveLength(40);
  expect(reference.features[7]).toMatchObject({ column: 7, cuts: [1] });
  expect([...countsOf(reference, rows)]).toEqual(reference.features.flatMap((f) => f.counts));
  const others = createTestRows({ width: 40, sparse: true }, 400, 4);
  const shifts = featureShifts(reference, countsOf(reference, others), 400);
  expect(shifts.some(({ drifted }) => drifted)).toBe(false);
});

test('wide rows keep the features that differ most, in order', () => {
  const width = MAX_REFERENCE_FEATURES + 100;
  const random = createRandom(2);
  const codes = Uint8Array.from({ length: 50 * width }, (_, e) =>
    e % width < 100 ? 64 : random.below(128),
  );
  const reference = referenceOf({ kind: 'dense', count: 50, width, codes });
  expect(featureReferenceSchema.parse(reference)).toEqual(reference);
  expect(reference.features).toHaveLength(MAX_REFERENCE_FEATURES);
  expect(reference.features[0].column).toBe(100);
});

test('createReference() reads the rows it is given alone, and none gives none', () => {
  const rows = normalRows(100, [0], 3);
  const first = createReference(rows, Int32Array.of(5, 7));
  expect(first?.rows).toBe(2);
  expect(createReference(rows, [])).toBeUndefined();
});

test.each([
  ['counts that do not add up', { rows: 3, features: [{ column: 0, cuts: [5], counts: [1, 1] }] }],
  ['a bin too few', { rows: 1, features: [{ column: 0, cuts: [5], counts: [1] }] }],
  ['cuts out of order', { rows: 1, features: [{ column: 0, cuts: [5, 5], counts: [1, 0, 0] }] }],
  ['a cut beyond 7 bits', { rows: 1, features: [{ column: 0, cuts: [128], counts: [1, 0] }] }],
  [
    'a column twice',
    { rows: 1, features: [0, 0].map((column) => ({ column, cuts: [5], counts: [1, 0] })) },
  ],
  ['no feature', { rows: 1, features: [] }],
  ['no row', { rows: 0, features: [{ column: 0, cuts: [5], counts: [0, 0] }] }],
])('featureReferenceSchema refuses %s', (_, reference) => {
  expect(featureReferenceSchema.safeParse(reference).success).toBe(false);
});

/** Share of features, and of days, that are said to have drifted, over many days of `rows` rows. */
function falseAlarms(rows: number): {
  features: number;
  days: number;
  psi: number;
  expected: number;
} {
  const means = new Array<number>(20).fill(0);
  const reference = referenceOf(normalRows(2000, means, 100));
  const days = 150;
  let features = 0;
  let wrongDays = 0;
  let psi = 0;
  let expected = 0;
  for (let day = 0; day < days; day++) {
    const shifts = featureShifts(
      reference,
      countsOf(reference, normalRows(rows, means, day)),
      rows,
    );
    const drifted = shifts.filter((shift) => shift.score > CHANCE_LIMIT).length;
    features += drifted;
    wrongDays += Number(drifted > 0);
    for (const shift of shifts) {
      psi += shift.psi;
      expected += shift.expected;
    }
  }
  const n = 20 * days;
  return { features: features / n, days: wrongDays / days, psi: psi / n, expected: expected / n };
}

test.each([20, 50, 300, 2000])('%d rows a day without a shift raise no alarm', (rows) => {
  const { features, psi, expected } = falseAlarms(rows);
  // 3,000 features and days; the normal tail beyond four deviations is one in 30,000.
  expect(features).toBeLessThan(0.002);
  // The stated expectation is that of many rows; with few, bins are seldom filled as expected.
  expect(psi / expected).toBeGreaterThan(0.7);
  expect(psi / expected).toBeLessThan(1.3);
});

test('rare words raise no alarm by appearing now and then', () => {
  const width = 60;
  const draw = (count: number, seed: number): QuantisedRows => {
    const random = createRandom(seed);
    const offsets = new Int32Array(count + 1);
    const indices: number[] = [];
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < width; j++) if (random.next() < 0.01) indices.push(j);
      offsets[i + 1] = indices.length;
    }
    const codes = new Uint8Array(indices.length).fill(1);
    return { kind: 'sparse', count, width, offsets, indices: Int32Array.from(indices), codes };
  };
  const reference = referenceOf(draw(1000, 1000));
  let drifted = 0;
  for (let day = 0; day < 100; day++) {
    const shifts = featureShifts(reference, countsOf(reference, draw(30, day)), 30);
    drifted += shifts.filter((shift) => shift.drifted).length;
  }
  expect(drifted / (100 * width)).toBeLessThan(0.002);
});

test('few rows alone look like a shift to the usual rule, which is why chance is taken off', () => {
  const { psi } = falseAlarms(50);
  expect(psi).toBeGreaterThan(0.15);
});

test('a shift of one deviation in one feature is found among twenty, by name', () => {
  const means = new Array<number>(20).fill(0);
  const reference = referenceOf(normalRows(2000, means, 100));
  const shifted = means.map((mean, j) => (j === 13 ? 1 : mean));
  const rows = 100;
  const shifts = featureShifts(reference, countsOf(reference, normalRows(rows, shifted, 1)), rows);
  expect(shifts[0]).toMatchObject({ column: 13, drifted: true });
  expect(shifts.filter(({ drifted }) => drifted)).toHaveLength(1);
});

test('a small shift is no drift however many rows show it', () => {
  const reference = referenceOf(normalRows(20_000, [0], 100));
  const rows = 20_000;
  const [shift] = featureShifts(reference, countsOf(reference, normalRows(rows, [0.1], 1)), rows);
  expect(shift.score).toBeGreaterThan(CHANCE_LIMIT);
  expect(shift.drifted).toBe(false);
  expect(featureShifts(reference, new Uint32Array(referenceBins(reference)), 0)).toEqual([]);
});
