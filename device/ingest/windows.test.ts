import { createRowAssembler, type FeatureRow, type Sample } from '@dandan/shared/features';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { TEST_SPEC } from '../testing/telemetry-spec.ts';
import { createWindows } from './windows.ts';

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
