import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planRowSums, type RowSums } from './row-sums.ts';

/** Follows a plan on one number per entry. */
function addByPlan(plan: RowSums, values: readonly number[]): number[] {
  const segments: number[] = [];
  let from = values;
  for (let level: RowSums | undefined = plan; level; level = level.next) {
    const added: number[] = level.buckets.flatMap(({ width, entries, lengths }) =>
      Array.from(lengths, (length, row) => {
        const members = entries.subarray(row * width, row * width + length);
        return members.reduce((sum, entry) => sum + from[entry], 0);
      }),
    );
    expect(added.length).toBe(level.segmentCount);
    segments.push(...added);
    from = added;
  }
  return Array.from(plan.position, (at) => (at < 0 ? 0 : segments[at]));
}

function addDirectly(targetOf: Int32Array, count: number, values: readonly number[]): number[] {
  const sums = Array<number>(count).fill(0);
  targetOf.forEach((target, entry) => {
    sums[target] += values[entry];
  });
  return sums;
}

test('planRowSums() adds every entry once, to its target', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 9 }), { maxLength: 200 }),
      fc.integer({ min: 0, max: 80 }),
      (targets, hub) => {
        const targetOf = Int32Array.from([...targets, ...Array<number>(hub).fill(3)]);
        // Powers of two would hide nothing, whole numbers add exactly.
        const values = Array.from(targetOf, (_, entry) => entry ** 2 + 1);
        const plan = planRowSums(targetOf, 10);
        expect(addByPlan(plan, values)).toEqual(addDirectly(targetOf, 10, values));
      },
    ),
  );
});

test('planRowSums() takes three levels for a hub of 13,000 neighbours', () => {
  const targetOf = new Int32Array(13_000 + 5);
  targetOf.set([1, 2, 2, 1, 1], 13_000);
  const values = Array.from(targetOf, (_, entry) => entry);
  const plan = planRowSums(targetOf, 3);
  expect(plan.next?.next).toBeDefined();
  expect(plan.next?.next?.next).toBeUndefined();
  expect(addByPlan(plan, values)).toEqual(addDirectly(targetOf, 3, values));
});

test('planRowSums() pads segments by less than a third, whatever the degrees', () => {
  const random = createRandom(4);
  const degrees = Array.from({ length: 500 }, () => Math.floor(60 * random.next() ** 2));
  const targetOf = Int32Array.from(degrees.flatMap((d, target) => Array<number>(d).fill(target)));
  const { buckets } = planRowSums(targetOf, degrees.length);
  const padded = buckets.reduce((sum, { entries }) => sum + entries.length, 0);
  expect(padded).toBeLessThan((targetOf.length * 3) / 2);
  for (const { width, lengths } of buckets) {
    for (const length of lengths) expect(length).toBeGreaterThan((width * 2) / 3);
  }
});

test('planRowSums() of nothing has no segments', () => {
  const plan = planRowSums(new Int32Array(0), 2);
  expect(plan).toMatchObject({ buckets: [], segmentCount: 0, next: undefined });
  expect([...plan.position]).toEqual([-1, -1]);
});
