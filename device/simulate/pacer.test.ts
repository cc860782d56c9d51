import { expect, test } from 'vitest';
import { createPacer } from './pacer.ts';
import { playRounds } from './rounds.ts';
import type { SampleSource } from './sources/index.ts';

test('a speed spreads simulated time over real time, without drift', () => {
  let wall = 500;
  const pacer = createPacer({ pace: { kind: 'speed', factor: 60 }, now: () => wall });
  expect(pacer.waitMs(1000, 0)).toBe(0);
  for (let i = 1; i <= 100; i++) {
    const waitMs = pacer.waitMs(1000 + i * 6000, i);
    // Every wait is 3 ms too long, as timers are; the next one is shorter for it.
    wall += waitMs + 3;
  }
  expect(wall).toBe(500 + 100 * 100 + 3);
});

test('a rate spreads samples, whatever their times; max never waits', () => {
  let wall = 0;
  const pacer = createPacer({ pace: { kind: 'rate', samplesPerSecond: 100 }, now: () => wall });
  expect(pacer.waitMs(5, 0)).toBe(0);
  expect(pacer.waitMs(5, 50)).toBe(500);
  wall = 700;
  expect(pacer.waitMs(9e9, 50)).toBe(-200);
  expect(createPacer({ pace: { kind: 'max' } }).waitMs(9e9, 7)).toBe(0);
});

function source(times: readonly number[]): SampleSource {
  return {
    name: 'test',
    units: new Map(),
    async *read() {
      yield times.map((time) => ({ asset: 'a', channel: 'c', time, value: 1 }));
    },
  };
}

async function play(times: readonly number[], startTime?: number, rounds?: number) {
  const { signal } = new AbortController();
  const played: [number, number][] = [];
  const options = { source: source(times), startTime, signal, ...(rounds && { rounds }) };
  for await (const batch of playRounds(options)) {
    for (const { time, sentAt } of batch) played.push([time, sentAt]);
  }
  return played;
}

test('playRounds() keeps times, or moves them to a start', async () => {
  expect(await play([10, 20, 35])).toEqual([
    [10, 10],
    [20, 20],
    [35, 35],
  ]);
  expect((await play([10, 20, 35], 1000)).map(([time]) => time)).toEqual([1000, 1010, 1025]);
});

test('playRounds() goes on in the next round where this one ends', async () => {
  const times = (await play([10, 20, 30], 100, 3)).map(([time]) => time);
  expect(times).toEqual([100, 110, 120, 130, 140, 150, 160, 170, 180]);
  expect((await play([10], 0, 2)).map(([time]) => time)).toEqual([0, 1000]);
  expect(await play([], 0, Number.POSITIVE_INFINITY)).toEqual([]);
});

test('a sample that stands behind a later one leaves right after it, with its own time', async () => {
  expect(await play([10, 30, 20, 40])).toEqual([
    [10, 10],
    [30, 30],
    [20, 30],
    [40, 40],
  ]);
});
