import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cell } from '../cell.ts';
import type { TimeUnit } from '../layout.ts';
import { createStream, moveStream } from './local-clock.ts';
import { createTimeReader, type TimeReaderOptions } from './time-reader.ts';

/** Times of cells that follow each other. */
function timesOf(cells: readonly Cell[], options: Partial<TimeReaderOptions> = {}) {
  const reader = createTimeReader({ unit: 'auto', timeZone: 'UTC', ...options });
  const stream = createStream();
  const times = cells.map((cell) => {
    const time = reader.read(cell, stream);
    if (time !== undefined) moveStream(stream, time);
    return time;
  });
  return { times, reader };
}

/** 2026-01-05T06:00:00Z. */
const T0 = 1_767_592_800_000;

test.each<[Cell, TimeUnit, number | undefined]>([
  ['2026-01-05', 'auto', 1_767_571_200_000],
  ['2026-01-05 06:00', 'auto', T0],
  ['2026-01-05T15:00:00.5+09:00', 'auto', T0 + 500],
  ['2026-01-05T15:00:00+0900', 'iso', T0],
  ['2026-01-05 06:00:00,25 Z', 'iso', T0 + 250],
  ['2026/1/5 6:00', 'auto', T0],
  ['2026年1月5日 6時00分', 'auto', T0],
  ['05-Jan-2026 06:00:00', 'auto', T0],
  ['05.01.2026 06:00', 'auto', T0],
  ['13/01/2026 06:00', 'auto', T0 + 8 * 86_400_000],
  ['01/13/2026 6:00 AM', 'auto', T0 + 8 * 86_400_000],
  ['01/13/2026 12:00 pm', 'auto', T0 + 8 * 86_400_000 + 6 * 3_600_000],
  ['20260105T060000', 'auto', T0],
  ['20260105060000', 'auto', T0],
  ['2026-01-04 24:00', 'auto', T0 - 6 * 3_600_000],
  ['05/01/2026', 'auto', undefined],
  ['2026-02-30', 'auto', undefined],
  ['2026-01-05 25:00', 'auto', undefined],
  ['2026-01-05 06:60', 'auto', undefined],
  ['1767592800', 'auto', T0],
  ['1767592800.25', 'auto', T0 + 250],
  ['1767592800000', 'auto', T0],
  ['1767592800000000', 'auto', T0],
  [1_767_592_800_000_000_000n, 'auto', T0],
  ['60', 's', 60_000],
  ['60', 'ms', 60],
  ['60', 'iso', undefined],
  ['2026-01-05', 'ms', undefined],
  [new Date(7), 'auto', 7],
  [new Date(Number.NaN), 'auto', undefined],
  [-1, 's', undefined],
  [Number.NaN, 'ms', undefined],
  [true, 'auto', undefined],
  [null, 'auto', undefined],
  ['', 'auto', undefined],
  ['yesterday', 'auto', undefined],
])('a cell %s of times in %s is %s', (cell, unit, expected) => {
  const { times, reader } = timesOf([cell], { unit });
  expect(times).toEqual([expected]);
  if (expected === undefined) expect(reader.allowed).toMatch(/./);
});

test('an order of dates that nothing shows is asked for, and taken where it is given', () => {
  const { times, reader } = timesOf(['05/01/2026']);
  expect([times[0], reader.allowed]).toEqual([undefined, expect.stringContaining('dateOrder')]);
  const day = (dateOrder: 'day-month' | 'month-day') =>
    new Date(timesOf(['05/01/2026'], { dateOrder }).times[0] ?? 0).toISOString().slice(0, 10);
  expect([day('day-month'), day('month-day')]).toEqual(['2026-01-05', '2026-05-01']);
});

test('a counter counts samples from its start', () => {
  const counter = { startTime: T0, everyMs: 180_000 };
  expect(timesOf(['0', 1, 2n, '3.0', '1.5', 'x', -1, null], { counter }).times).toEqual([
    T0,
    T0 + 180_000,
    T0 + 360_000,
    T0 + 540_000,
    ...[undefined, undefined, undefined, undefined],
  ]);
});

test('a wall clock of a typed table is read in its zone', () => {
  const date = new Date(T0 + 9 * 3_600_000);
  const options = { timeZone: 'Asia/Tokyo', wallClock: true };
  expect(timesOf([date], options).times).toEqual([T0]);
  expect(timesOf([date], { timeZone: 'Asia/Tokyo' }).times).toEqual([date.getTime()]);
});

const iso = (times: readonly (number | undefined)[]) =>
  times.map((time) =>
    time === undefined ? undefined : new Date(time).toISOString().slice(11, 16),
  );

test('of the hour that a clock shows twice the file’s order tells which it is', () => {
  // Berlin, 2026-10-25: 03:00 becomes 02:00 again, at 01:00 UTC.
  const halves = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00', '03:30'];
  const cells = halves.map((clock) => `2026-10-25 ${clock}`);
  const { times, reader } = timesOf(cells, { timeZone: 'Europe/Berlin' });
  expect(iso(times)).toEqual(['23:30', '00:00', '00:30', '01:00', '01:30', '02:00', '02:30']);
  expect(reader.secondTimes).toBe(2);
  const newestFirst = timesOf(cells.toReversed(), { timeZone: 'Europe/Berlin' });
  expect(iso(newestFirst.times).toReversed()).toEqual(iso(times));
});

test('a time that a clock jumps over is refused', () => {
  const { times, reader } = timesOf(['2026-03-29 01:59', '2026-03-29 02:30', '2026-03-29 03:00'], {
    timeZone: 'Europe/Berlin',
  });
  expect(iso(times)).toEqual(['00:59', undefined, '01:00']);
  expect(reader.allowed).toContain('set forward');
});

test('local times of any zone come back as the instants they were written at', () => {
  const zones = ['Asia/Tokyo', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC'];
  const start = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2027, 0) });
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      start,
      fc.constantFrom(1, 5, 10),
      (zone, at, minutes) => {
        const format = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        });
        const from = Math.floor(at / 60_000) * 60_000;
        // Two days of readings: whatever change lies among them is between two of them.
        const instants = Array.from(
          { length: 2880 / minutes },
          (_, i) => from + i * minutes * 60_000,
        );
        const { times } = timesOf(
          instants.map((instant) => format.format(instant)),
          { timeZone: zone },
        );
        // Readings that begin within the second of two equal hours cannot know it.
        const wrong = times.filter((time, i) => time !== instants[i]);
        expect(times.every((time, i) => time !== undefined && time <= instants[i])).toBe(true);
        expect(wrong.length * minutes).toBeLessThanOrEqual(60);
      },
    ),
    { numRuns: 60 },
  );
});
