import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnScales, INPUT_SCALINGS } from './column-scale.ts';

const nodesOf = (values: readonly number[]) => Int32Array.from(values, (_, node) => node);
const scaleOf = (values: readonly number[], scaling?: 'standard' | 'robust') =>
  columnScales(Float32Array.from(values), 1, nodesOf(values), scaling)[0];

test('columnScales() standard is mean and population deviation', () => {
  expect(scaleOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ centre: 5, spread: 2 });
});

test('columnScales() robust is median and interquartile range, as those of a normal distribution', () => {
  // numpy.percentile([1, 2, 4, 8, 16], [25, 50, 75]) = 2, 4, 8.
  expect(scaleOf([16, 1, 4, 8, 2], 'robust')).toEqual({
    centre: 4,
    spread: 6 / 1.3489795003921634,
  });
  // Between two values: quartiles 1.75 and 3.25.
  expect(scaleOf([1, 2, 3, 4], 'robust').centre).toBe(2.5);
  expect(scaleOf([1, 2, 3, 4], 'robust').spread).toBeCloseTo(1.5 / 1.3489795, 7);
});

test('columnScales() robust is not moved by wild readings', () => {
  const clean = Array.from({ length: 200 }, (_, i) => Math.sin(i));
  const wild = clean.map((value, i) => (i % 50 === 0 ? 1e6 : value));
  const [before, after] = [scaleOf(clean, 'robust'), scaleOf(wild, 'robust')];
  expect(Math.abs(after.centre - before.centre)).toBeLessThan(0.1);
  expect(after.spread / before.spread).toBeCloseTo(1, 1);
  expect(scaleOf(wild).spread).toBeGreaterThan(1e4);
});

test('columnScales() robust of a column that rests three quarters of the time is the deviation', () => {
  const valve = Array.from({ length: 100 }, (_, i) => (i < 20 ? 1 : 0));
  expect(scaleOf(valve, 'robust')).toEqual({ centre: 0, spread: scaleOf(valve).spread });
  expect(scaleOf(valve, 'robust').spread).toBeCloseTo(0.4, 12);
});

test.each(INPUT_SCALINGS)(
  'columnScales() %s leaves missing values and other nodes out',
  (scaling) => {
    const values = Float32Array.of(1, 10, Number.NaN, 20, 3, Number.NaN, 500, 900);
    const nodes = Int32Array.of(0, 1, 2);
    const [first, second] = columnScales(values, 2, nodes, scaling);
    expect(first.centre).toBe(2);
    expect(second.centre).toBe(15);
  },
);

test.each(INPUT_SCALINGS)(
  'columnScales() %s of constant and empty columns has spread 1',
  (scaling) => {
    expect(scaleOf([0.5, 0.5], scaling)).toEqual({ centre: 0.5, spread: 1 });
    expect(scaleOf([Number.NaN], scaling)).toEqual({ centre: 0, spread: 1 });
    expect(scaleOf([], scaling)).toEqual({ centre: 0, spread: 1 });
  },
);

test('columnScales() robust follows shift and scale, and does not change what it reads', () => {
  const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: -100, max: 100 }), (values, shift) => {
      const before = Float32Array.from(values);
      const { centre, spread } = columnScales(before, 1, nodesOf(values), 'robust')[0];
      expect([...before]).toEqual(values);
      const moved = scaleOf(
        values.map((value) => 4 * value + shift),
        'robust',
      );
      expect(moved.centre).toBeCloseTo(4 * centre + shift, 6);
      const isConstant = new Set(values).size === 1;
      expect(moved.spread).toBeCloseTo(isConstant ? 1 : 4 * spread, 6);
    }),
  );
});
