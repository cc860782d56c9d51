import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelAndCount, labelRows, type RowPlace } from './index.ts';

const CLASSES = ['normal', 'worn', 'broken'];

const at = (time: number, asset = 'press', run = ''): RowPlace => ({ asset, run, time });

const interval = (name: string, from: number, to: number, more: object = {}) => ({
  asset: 'press' as string | undefined,
  run: undefined as string | undefined,
  from,
  to,
  class: name,
  ...more,
});

const labelsAt = (
  times: readonly number[],
  intervals: readonly ReturnType<typeof interval>[],
  more: { otherwise?: string; marginMs?: number } = {},
) =>
  Array.from(
    labelRows({ rows: times.map((time) => at(time)), intervals, classes: CLASSES, ...more }),
  );

test('labelRows() gives a window the class at its end, both ends of an interval included', () => {
  expect(labelsAt([9, 10, 15, 20, 21], [interval('worn', 10, 20)])).toEqual([-1, 1, 1, 1, -1]);
});

test('labelRows() gives the class that ends where one follows another', () => {
  const intervals = [interval('broken', 20, 30), interval('worn', 10, 20)];
  expect(labelsAt([10, 20, 21, 30], intervals)).toEqual([1, 1, 2, 2]);
});

test('labelRows() leaves out what several classes claim, and takes one class twice', () => {
  const intervals = [interval('worn', 0, 20), interval('broken', 10, 30), interval('worn', 5, 15)];
  const rows = [2, 12, 25].map((time) => at(time));
  const { labels, contradictory } = labelAndCount({ rows, intervals, classes: CLASSES });
  expect([...labels]).toEqual([1, -1, 2]);
  expect(contradictory).toBe(1);
});

test('labelRows() keeps assets and runs apart, and takes an interval of all for all', () => {
  const rows = [at(5, 'press', 'a'), at(5, 'press', 'b'), at(5, 'oven', 'a'), at(25, 'oven', 'b')];
  const intervals = [
    interval('worn', 0, 10, { run: 'b' }),
    interval('broken', 20, 30, { asset: undefined }),
  ];
  expect([...labelRows({ rows, intervals, classes: CLASSES })]).toEqual([-1, 1, -1, 2]);
});

test('labelRows() gives the rest a class only where it is asked to', () => {
  const intervals = [interval('worn', 10, 20)];
  expect(labelsAt([5, 15, 25], intervals, { otherwise: 'normal' })).toEqual([0, 1, 0]);
  expect(labelsAt([5], [], { otherwise: 'normal' })).toEqual([0]);
});

test('labelRows() leaves a margin on both sides of an end, but none between stretches that join', () => {
  const intervals = [interval('worn', 100, 200), interval('worn', 200, 300)];
  const options = { otherwise: 'normal', marginMs: 10 };
  const times = [90, 91, 100, 109, 110, 195, 205, 290, 291, 309, 310];
  expect(labelsAt(times, intervals, options)).toEqual([0, -1, -1, -1, 1, 1, 1, 1, -1, -1, 0]);
  expect(labelsAt([91, 109], intervals, { marginMs: 10 })).toEqual([-1, -1]);
});

test('labelRows() takes an interval without an end', () => {
  const open = interval('worn', 10, Number.POSITIVE_INFINITY);
  expect(labelsAt([5, 10, 1e15], [open])).toEqual([-1, 1, 1]);
  expect(labelsAt([1e15], [open], { marginMs: 1000 })).toEqual([1]);
});

test('labelAndCount() tells what each interval came to', () => {
  const intervals = [interval('worn', 0, 10), interval('worn', 5, 20), interval('broken', 30, 40)];
  const rows = [0, 5, 10, 15, 20, 25].map((time) => at(time));
  const { counts, withinMargin } = labelAndCount({ rows, intervals, classes: CLASSES });
  expect([...counts]).toEqual([3, 4, 0]);
  expect(withinMargin).toBe(0);
  expect(labelAndCount({ rows, intervals, classes: CLASSES, marginMs: 3 }).withinMargin).toBe(2);
});

test('labelRows() refuses a class that there is not', () => {
  expect(() => labelsAt([1], [interval('wrn', 0, 2)])).toThrow("'wrn' is none of the classes");
  expect(() => labelsAt([1], [], { otherwise: 'idle' })).toThrow("'idle' is none of the classes");
});

test('labelRows() agrees with a look at every interval, and counts as many rows', () => {
  const span = fc
    .tuple(
      fc.constantFrom(...CLASSES),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([name, from, length]) => interval(name, from, from + length));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), fc.boolean(), (intervals, hasRest) => {
      // Between whole numbers no interval begins or ends.
      const rows = Array.from({ length: 50 }, (_, i) => at(i + 0.5));
      const otherwise = hasRest ? 'normal' : undefined;
      const { labels, counts } = labelAndCount({ rows, intervals, classes: CLASSES, otherwise });
      rows.forEach(({ time }, row) => {
        const holding = intervals.filter(({ from, to }) => from <= time && time <= to);
        const names = new Set(holding.map((each) => each.class));
        const [only] = names;
        const known = only === undefined ? (otherwise ?? '') : only;
        expect(labels[row]).toBe(names.size > 1 ? -1 : CLASSES.indexOf(known));
      });
      intervals.forEach((each, index) => {
        const own = rows.filter(
          ({ time }, row) =>
            each.from <= time && time <= each.to && CLASSES[labels[row]] === each.class,
        );
        expect(counts[index]).toBe(own.length);
      });
    }),
  );
});

test('labelRows() looks up a million rows among ten thousand intervals', () => {
  const intervals = Array.from({ length: 10_000 }, (_, i) =>
    interval(CLASSES[i % 3], i * 100, i * 100 + 50),
  );
  const rows = Array.from({ length: 1_000_000 }, (_, i) => at(i));
  const labels = labelRows({ rows, intervals, classes: CLASSES });
  expect(labels[50]).toBe(0);
  expect(labels[51]).toBe(-1);
  expect(labels[999_925]).toBe(CLASSES.indexOf(CLASSES[9999 % 3]));
});
