import fc from 'fast-check';
import { expect, test } from 'vitest';
import { envelope } from './envelope.ts';

const series = (readings: readonly (readonly [number, number])[]) => ({
  times: Float64Array.from(readings, ([time]) => time),
  values: Float64Array.from(readings, ([, value]) => value),
});

test('envelope() keeps the least and the most of every slice and breaks at gaps', () => {
  const given = series([
    [0, 5],
    [1, 1],
    [2, 3],
    [12, 7],
    [80, 2],
  ]);
  expect(envelope({ ...given, from: 0, to: 100, slices: 10, gapMs: 20 })).toEqual([
    [
      { time: 5, least: 1, most: 5 },
      { time: 15, least: 7, most: 7 },
    ],
    [{ time: 85, least: 2, most: 2 }],
  ]);
});

test('envelope() holds every reading that is on the axis', () => {
  const step = fc.integer({ min: 1, max: 50 });
  const reading = fc.tuple(step, fc.integer({ min: -9, max: 9 }));
  fc.assert(
    fc.property(
      fc.array(reading, { minLength: 1 }),
      step,
      fc.nat({ max: 100 }),
      (steps, gapMs, from) => {
        let time = 0;
        const given = series(
          steps.map(([wait, value]) => {
            time += wait;
            return [time, value];
          }),
        );
        const to = from + 200;
        const stretches = envelope({ ...given, from, to, slices: 13, gapMs });
        const inside = [...given.values].filter(
          (_, i) => given.times[i] >= from && given.times[i] <= to,
        );
        const slices = stretches.flat();
        expect(Math.max(...slices.map(({ most }) => most))).toBe(Math.max(...inside));
        expect(Math.min(...slices.map(({ least }) => least))).toBe(Math.min(...inside));
        const times = slices.map((slice) => slice.time);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      },
    ),
  );
});

test('envelope() draws one stretch where nobody knows how long a gap may be', () => {
  const given = series([
    [0, 3],
    [50, -1],
    [99, 4],
  ]);
  const all = envelope({ ...given, from: 0, to: 100, slices: 10, gapMs: Number.POSITIVE_INFINITY });
  expect(all).toHaveLength(1);
  expect(all[0]).toHaveLength(3);
});
