import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from './index.ts';

/** sfc32 as published in PractRand, written with BigInt. */
function referenceUint32(seed: number, count: number): number[] {
  const wrap = (value: bigint) => BigInt.asUintN(32, value);
  let [a, b, c, counter] = [0x9e3779b9n, 0x243f6a88n, wrap(BigInt(seed)), 1n];
  const outputs: number[] = [];
  for (let i = 0; i < 15 + count; i++) {
    const output = wrap(a + b + counter);
    counter = wrap(counter + 1n);
    a = b ^ (b >> 9n);
    b = wrap(c + (c << 3n));
    c = wrap(wrap((c << 21n) | (c >> 11n)) + output);
    if (i >= 15) outputs.push(Number(output));
  }
  return outputs;
}

test('createRandom() is sfc32', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = createRandom(seed);
      const outputs = Array.from({ length: 20 }, () => random.next() * 2 ** 32);
      expect(outputs).toEqual(referenceUint32(seed, 20));
    }),
  );
});

test('createRandom() keeps its first outputs for ever', () => {
  const random = createRandom(1);
  expect(Array.from({ length: 5 }, () => random.next() * 2 ** 32)).toEqual([
    3063500945, 52107484, 3520520, 3760476048, 677231255,
  ]);
  const fork = createRandom(1).fork('rows');
  expect(Array.from({ length: 3 }, () => fork.below(1000))).toEqual([327, 868, 554]);
  expect(
    createRandom(7)
      .shuffle([...'abcdefgh'])
      .join(''),
  ).toBe('bcdgehaf');
});

test('createRandom() gives different streams for different seeds and names', () => {
  const first = (random: { next(): number }) => random.next();
  const values = [
    ...Array.from({ length: 100 }, (_, seed) => first(createRandom(seed))),
    ...Array.from({ length: 100 }, (_, name) => first(createRandom(1).fork(`name-${name}`))),
  ];
  expect(new Set(values).size).toBe(200);
});

test('fork() does not depend on how far its parent has run', () => {
  const parent = createRandom(3);
  const before = parent.fork('a').next();
  parent.next();
  expect(parent.fork('a').next()).toBe(before);
});

test('next() is uniform in [0, 1)', () => {
  const random = createRandom(42);
  const count = 100_000;
  const bins = new Int32Array(10);
  for (let i = 0; i < count; i++) bins[Math.floor(random.next() * 10)]++;
  const expected = count / 10;
  const chiSquare = bins.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  // 99.9 % point of χ² with 9 degrees of freedom.
  expect(chiSquare).toBeLessThan(27.88);
});

test('below() stays below its limit and reaches every value', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 20 }), (seed, limit) => {
      const random = createRandom(seed);
      const seen = new Set(Array.from({ length: 60 * limit }, () => random.below(limit)));
      expect([...seen].sort((a, b) => a - b)).toEqual([...Array(limit).keys()]);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('normal() has mean 0, variance 1 and no value beyond ±6', () => {
  const random = createRandom(5);
  const count = 100_000;
  const values = Float64Array.from({ length: count }, () => random.normal());
  const mean = values.reduce((a, b) => a + b) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  // Five standard errors: 1/√n for the mean, √(2/n) for the variance.
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  expect(values.every((value) => Math.abs(value) <= 6)).toBe(true);
});

test('shuffle() permutes in place, typed arrays too', () => {
  fc.assert(
    fc.property(fc.integer(), fc.uint8Array({ maxLength: 50 }), (seed, items) => {
      const copy = items.slice();
      expect(createRandom(seed).shuffle(copy)).toBe(copy);
      expect(copy.toSorted()).toEqual(items.toSorted());
    }),
  );
});

test('shuffle() gives every order of three items equally often', () => {
  const random = createRandom(11);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.shuffle(['a', 'b', 'c']).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  // 99.9 % point of χ² with 5 degrees of freedom.
  expect(chiSquare).toBeLessThan(20.52);
});
