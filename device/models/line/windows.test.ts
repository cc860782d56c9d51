import { createRowAssembler, type FeatureRow, type Sample } from '@dandan/shared/features';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { TEST_SPEC } from '../../testing/telemetry-spec.ts';
import { createWindows, usualFlushAfterMs } from './windows.ts';

const FLUSH_AFTER_MS = 2000;
const T0 = 1_767_225_600_000;

/** Two assets, five samples a second, the first silent from second 4 to 11. */
function history(): Sample[] {
  const random = createRandom(3);
  const samples: Sample[] = [];
  for (let time = T0; time < T0 + 20_000; time += 200) {
    for (const asset of ['press', 'pump']) {
      if (asset === 'press' && time >= T0 + 4000 && time < T0 + 11_000) continue;
      for (const { name } of TEST_SPEC.channels) {
        samples.push({ asset, channel: name, time, value: random.normal() });
      }
    }
  }
  return samples;
}

function byAssetAndTime(rows: readonly FeatureRow[]): string[] {
  return rows.map(({ asset, time, values }) => `${asset} ${time} ${values}`).sort();
}

function expectedRows(): string[] {
  const assembler = createRowAssembler(TEST_SPEC);
  return byAssetAndTime(history().flatMap((sample) => assembler.push(sample)));
}

/** Replays the history with the wall clock given for each event time, flushing ten times a wall second. */
function replay(wallClock: (time: number) => number): { rows: FeatureRow[]; flushed: number } {
  const windows = createWindows({ spec: TEST_SPEC, flushAfterMs: FLUSH_AFTER_MS });
  const rows: FeatureRow[] = [];
  let flushed = 0;
  let wall = wallClock(T0);
  for (const sample of history()) {
    for (const until = wallClock(sample.time); wall < until; wall += 100) {
      const early = windows.flushSilent(wall);
      flushed += early.length;
      rows.push(...early);
    }
    rows.push(...windows.push(sample, wallClock(sample.time)));
  }
  return { rows, flushed };
}

test('flushSilent() builds a live silent asset early, and the very rows that event time would give', () => {
  const { rows, flushed } = replay((time) => time + 150);
  expect(flushed).toBeGreaterThan(1);
  expect(byAssetAndTime(rows)).toEqual(expectedRows());
});

test.each([
  ['a year late at speed 1', (time: number) => time + 365 * 86_400_000],
  ['a year late at speed 100', (time: number) => T0 + 365 * 86_400_000 + (time - T0) / 100],
  ['from now at speed 100', (time: number) => T0 + (time - T0) / 100],
  ['from now at a tenth of the speed', (time: number) => T0 + (time - T0) * 10],
  ['through now at speed 100', (time: number) => T0 + 5000 + (time - T0 - 5000) / 100],
])('flushSilent() leaves a history replayed %s to event time', (_, wallClock) => {
  const { rows, flushed } = replay(wallClock);
  expect(flushed).toBe(0);
  expect(byAssetAndTime(rows)).toEqual(expectedRows());
});

test('flushSilent() is off with flushAfterMs 0', () => {
  const windows = createWindows({ spec: TEST_SPEC, flushAfterMs: 0 });
  const sample = { asset: 'a', channel: 'vibration', value: 1 };
  for (let time = T0; time <= T0 + 5000; time += 500) windows.push({ ...sample, time }, time);
  expect(windows.flushSilent(T0 + 60_000)).toEqual([]);
});

test('accepts() has room for a bounded number of assets', () => {
  const windows = createWindows({ spec: TEST_SPEC, flushAfterMs: 0, maxAssets: 1 });
  windows.push({ asset: 'a', channel: 'vibration', time: T0, value: 1 }, T0);
  expect([windows.accepts('a'), windows.accepts('b')]).toEqual([true, false]);
});

const live = (time: number, channel = 'vibration') => ({ asset: 'a', channel, time, value: 1 });

test('flushSilent() waits for event time where the last samples were historical', () => {
  const run = (historical: boolean) => {
    const windows = createWindows({ spec: TEST_SPEC, flushAfterMs: FLUSH_AFTER_MS });
    for (let time = T0; time <= T0 + 5000; time += 250) windows.push(live(time), time);
    windows.push({ ...live(T0 + 5100), ...(historical ? { historical } : {}) }, T0 + 5100);
    return windows.flushSilent(T0 + 60_000).length;
  };
  expect(run(false)).toBeGreaterThan(0);
  expect(run(true)).toBe(0);
});

test('a backlog in order gives the rows of event time, although its asset was flushed meanwhile', () => {
  const windows = createWindows({ spec: TEST_SPEC, flushAfterMs: FLUSH_AFTER_MS });
  for (let time = T0; time <= T0 + 5000; time += 250) windows.push(live(time), time);
  windows.flushSilent(T0 + 600_000);
  const rows: FeatureRow[] = [];
  for (let time = T0 + 5250; time <= T0 + 60_000; time += 250) {
    rows.push(...windows.push(live(time), T0 + 600_000));
  }
  const times = rows.map(({ time }) => time - T0);
  // 6000 was built of what had come by then; the others are as they would have been.
  expect(times[0]).toBe(7000);
  expect(times.at(-1)).toBe(59_000);
  expect(times).toHaveLength(53);
});

test('flushSilent() gives the last row of windows by count once its asset is silent', () => {
  const { windowMs: _, strideMs: __, ...common } = TEST_SPEC;
  const spec = { ...common, windowSamples: 4, strideSamples: 4 };
  const flushAfterMs = usualFlushAfterMs(spec);
  const windows = createWindows({ spec, flushAfterMs });
  const rows = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => {
    const time = T0 + i * 1000;
    return [...windows.push(live(time), time), ...windows.push(live(time, 'temperature'), time)];
  });
  expect(rows.map(({ time }) => time)).toEqual([T0 + 3000]);
  expect(windows.flushSilent(T0 + 7000 + flushAfterMs - 1)).toEqual([]);
  expect(windows.flushSilent(T0 + 7000 + flushAfterMs).map(({ time }) => time)).toEqual([
    T0 + 7000,
  ]);
  expect(windows.flushSilent(T0 + 1e6)).toEqual([]);
});

test('usualFlushAfterMs() is two strides, or two seconds where windows go by count', () => {
  const { windowMs: _, strideMs: __, ...common } = TEST_SPEC;
  expect(usualFlushAfterMs(TEST_SPEC)).toBe(2000);
  expect(usualFlushAfterMs({ ...TEST_SPEC, windowMs: 9000, strideMs: 9000 })).toBe(18_000);
  expect(usualFlushAfterMs({ ...common, windowSamples: 9, strideSamples: 9 })).toBe(2000);
});

test('drop() forgets an asset and makes room for another', () => {
  const windows = createWindows({ spec: TEST_SPEC, flushAfterMs: 0, maxAssets: 1 });
  windows.push(live(T0), T0);
  expect(windows.counters()).toEqual({
    assets: 1,
    bufferedSamples: 1,
    outdated: 0,
    clockJumps: 0,
  });
  windows.drop('a');
  expect(windows.accepts('b')).toBe(true);
  expect(windows.counters()).toMatchObject({ assets: 0, bufferedSamples: 0 });
});

test.each<[string, (snapshot: Record<string, unknown>) => unknown, string]>([
  ['text', () => 'windows', 'snapshot'],
  ['no clocks', ({ assembler }) => ({ assembler }), 'snapshot.clocks'],
  ['a broken clock', (s) => ({ ...s, clocks: [['a', 'now', null]] }), 'snapshot.clocks.0.1'],
  ['no assembler', ({ clocks }) => ({ clocks, assembler: null }), 'snapshot'],
])('createWindows() refuses %s for a snapshot', (_, change, field) => {
  const windows = createWindows({ spec: TEST_SPEC, flushAfterMs: 0 });
  windows.push(live(T0), T0);
  const snapshot = change(JSON.parse(JSON.stringify(windows.snapshot())));
  expect(() => createWindows({ spec: TEST_SPEC, flushAfterMs: 0, snapshot })).toThrow(
    expect.objectContaining({ name: 'InputError', code: 'snapshot-invalid', field }),
  );
});
