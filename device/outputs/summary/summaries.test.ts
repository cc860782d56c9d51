import type { Sample } from '@dandan/shared/features';
import { telemetrySummarySchema } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSummaries, SUMMARY_MS, type SummariesOptions } from './index.ts';

const START = 1_767_225_600_000;
const at = (seconds: number, value: number, channel = 'flow', asset = 'pump'): Sample => ({
  asset,
  channel,
  time: START + seconds * 1000,
  value,
});

/** All that `samples` give, the end of time included. */
function summarise(samples: readonly Sample[], options?: SummariesOptions) {
  const summaries = createSummaries(options);
  const closed = samples.flatMap((sample) => summaries.push(sample));
  return [...closed, ...summaries.flush(Number.MAX_SAFE_INTEGER)];
}

test('createSummaries() counts, averages and bounds each channel of a minute', () => {
  const samples = [at(1, 4), at(2, 8), at(3, -1, 'temperature'), at(59.999, 3)];
  expect(summarise(samples)).toEqual([
    {
      id: `pump/${START}`,
      asset: 'pump',
      t: START,
      durationMs: 60_000,
      channels: {
        flow: { count: 3, mean: 5, min: 3, max: 8, last: 3 },
        temperature: { count: 1, mean: -1, min: -1, max: -1, last: -1 },
      },
    },
  ]);
});

test('push() closes a minute with the first sample two minutes later, of the same asset only', () => {
  const summaries = createSummaries();
  expect(summaries.push(at(10, 1))).toEqual([]);
  expect(summaries.push(at(119, 2))).toEqual([]);
  expect(summaries.push(at(500, 2, 'flow', 'fan'))).toEqual([]);
  expect(summaries.push(at(120, 3)).map(({ t }) => t)).toEqual([START]);
  expect(summaries.push(at(600, 4)).map(({ t }) => t)).toEqual([
    START + SUMMARY_MS,
    START + 2 * SUMMARY_MS,
  ]);
});

test('push() takes stragglers of a minute, keeps the latest as `last`, and counts later ones', () => {
  const summaries = createSummaries();
  for (const sample of [at(50, 1), at(70, 2), at(40, 9)]) summaries.push(sample);
  const [first] = summaries.push(at(130, 3));
  expect(first.channels.flow).toEqual({ count: 2, mean: 5, min: 1, max: 9, last: 1 });
  expect(summaries.push(at(30, 7))).toEqual([]);
  expect(summaries.late).toBe(1);
});

test('flush() closes the minutes of assets that fell silent, once they ended a minute ago', () => {
  const summaries = createSummaries();
  summaries.push(at(10, 1));
  expect(summaries.flush(START + 119_999)).toEqual([]);
  expect(summaries.flush(START + 120_000)).toHaveLength(1);
  expect(summaries.flush(START + 500_000)).toEqual([]);
  expect(summaries.snapshot()).toEqual([]);
});

test('push() bounds assets and channels and counts what is beyond', () => {
  const summaries = createSummaries({ maxAssets: 2, maxChannels: 2 });
  for (const asset of ['a', 'b', 'c']) summaries.push(at(1, 1, 'flow', asset));
  for (const channel of ['x', 'y', 'flow']) summaries.push(at(1, 1, channel, 'a'));
  expect(summaries.dropped).toBe(2);
  expect(summaries.flush(START + 300_000).map(({ asset }) => asset)).toEqual(['a', 'b']);
});

test('a summary keeps to its schema and stays finite with the largest values there are', () => {
  const samples = [at(1, Number.MAX_VALUE), at(2, Number.MAX_VALUE), at(3, -Number.MAX_VALUE)];
  const [summary] = summarise(samples);
  expect(telemetrySummarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
});

const sample = fc.record({
  asset: fc.constantFrom('a', 'b'),
  channel: fc.constantFrom('x', 'y', '__proto__'),
  time: fc.integer({ min: START, max: START + 10 * SUMMARY_MS }),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
});

test('every sample is in one summary of its minute, or was late', () => {
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      const summaries = createSummaries();
      const closed = samples.flatMap((one) => summaries.push(one));
      closed.push(...summaries.flush(Number.MAX_SAFE_INTEGER));
      const counts = closed.flatMap(({ channels }) =>
        Object.values(channels).map(({ count }) => count),
      );
      expect(counts.reduce((sum, count) => sum + count, 0) + summaries.late).toBe(samples.length);
      expect(new Set(closed.map(({ id }) => id)).size).toBe(closed.length);
      for (const { asset, t, channels } of closed) {
        for (const [channel, { min, max, mean, last }] of Object.entries(channels)) {
          const own = samples.filter(
            (one) =>
              one.asset === asset &&
              one.channel === channel &&
              one.time >= t &&
              one.time < t + SUMMARY_MS,
          );
          const values = own.map(({ value }) => value);
          expect(values).toEqual(expect.arrayContaining([min, max, last]));
          const slack = 1e-9 * Math.max(Math.abs(min), Math.abs(max));
          expect(mean).toBeGreaterThanOrEqual(min - slack);
          expect(mean).toBeLessThanOrEqual(max + slack);
        }
      }
    }),
  );
});

test('a snapshot taken anywhere goes on to the same summaries', () => {
  fc.assert(
    fc.property(fc.array(sample), fc.nat(), (samples, cut) => {
      const before = samples.slice(0, cut % (samples.length + 1));
      const after = samples.slice(before.length);
      const first = createSummaries();
      const closed = before.flatMap((one) => first.push(one));
      const snapshot = JSON.parse(JSON.stringify(first.snapshot()));
      expect([...closed, ...summarise(after, { snapshot })]).toEqual(
        JSON.parse(JSON.stringify(summarise(samples))),
      );
    }),
  );
});
