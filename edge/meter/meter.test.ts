import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Flush, ModelFlush } from '../metrics/flush.ts';
import { readCallers } from '../metrics/read-callers.ts';
import { readPoints, readTotals } from '../metrics/stored-series.ts';
import { migrate } from '../testing/edge-client.ts';
import { avoidTurnOfHour, meterOf } from '../testing/meter.ts';
import { BUNDLE, someFlush, someTally } from '../testing/tallies.ts';
import { DAY_MS, HOUR_MS } from './periods.ts';
import { RETENTION_DAYS } from './retention.ts';

beforeAll(migrate);
beforeEach(avoidTurnOfHour);
afterEach(() => {
  vi.useRealTimers();
});

let sequence = 0;
const numbered = (flush: ModelFlush, isolate = 'isolate-1'): Flush => ({
  ...flush,
  isolate,
  sequence: ++sequence,
});

const everything = { from: 0, to: 1e14 };

async function nodes(model: string, step: 'hour' | 'day' = 'hour') {
  const points = await readPoints(env.REGISTRY, { step, ...everything, model }, 1000);
  return points.map(({ tally }) => tally.nodes);
}

async function totalNodes(model: string): Promise<number | undefined> {
  const totals = await readTotals(env.REGISTRY, '', 1000);
  return totals.find((point) => point.model === model)?.tally.nodes;
}

test('a flush is in D1 after the alarm: by hour, by day, in all, by asker', async () => {
  const meter = meterOf('plain');
  await meter.record(numbered(someFlush('plain', 5)));
  await meter.record(numbered(someFlush('plain', 7)));
  expect(await nodes('plain')).toEqual([]);
  expect(await runDurableObjectAlarm(meter)).toBe(true);
  const [point] = await readPoints(
    env.REGISTRY,
    { step: 'hour', ...everything, model: 'plain' },
    10,
  );
  expect(point).toMatchObject({ model: 'plain', bundle: BUNDLE, policy: 'day', source: 'predict' });
  expect(point.tally).toEqual({ ...someTally(12), requests: 2 });
  expect(await nodes('plain', 'day')).toEqual([12]);
  expect(await totalNodes('plain')).toBe(12);
  expect(await readCallers(env.REGISTRY, 'plain')).toMatchObject([
    { key: 'key-1', device: null, bundle: BUNDLE, requests: 2, nodes: 12 },
  ]);
  expect(await runDurableObjectAlarm(meter)).toBe(false);
});

test('a repeated flush counts once, also late and after a restart; another isolate counts anew', async () => {
  const meter = meterOf('once');
  const first = numbered(someFlush('once', 3));
  const second = numbered(someFlush('once', 4));
  for (const flush of [first, first, second, first]) await meter.record(flush);
  await evictDurableObject(meter);
  for (const flush of [second, first]) await meter.record(flush);
  await meter.record({ ...first, isolate: 'isolate-2' });
  await runDurableObjectAlarm(meter);
  expect(await totalNodes('once')).toBe(3 + 4 + 3);
});

test('what a meter holds survives a restart before D1 has it', async () => {
  const meter = meterOf('evicted');
  await meter.record(numbered(someFlush('evicted', 6)));
  await evictDurableObject(meter);
  expect(await runDurableObjectAlarm(meter)).toBe(true);
  expect(await totalNodes('evicted')).toBe(6);
});

test('hours and days add up across their ends, whenever D1 is told', async () => {
  const noon = Date.UTC(2026, 4, 1, 22, 59, 59);
  vi.useFakeTimers({ toFake: ['Date'], now: noon });
  const meter = meterOf('hours');
  await meter.record(numbered(someFlush('hours', 1)));
  // Not told before the next hour has begun.
  vi.setSystemTime(noon + HOUR_MS);
  await meter.record(numbered(someFlush('hours', 2)));
  await runDurableObjectAlarm(meter);
  expect(await nodes('hours')).toEqual([1, 2]);
  expect(await nodes('hours', 'day')).toEqual([3]);
  vi.setSystemTime(noon + 2 * HOUR_MS);
  await meter.record(numbered(someFlush('hours', 4)));
  await runDurableObjectAlarm(meter);
  await meter.record(numbered(someFlush('hours', 8)));
  await runDurableObjectAlarm(meter);
  expect(await nodes('hours')).toEqual([1, 2, 12]);
  expect(await nodes('hours', 'day')).toEqual([3, 12]);
  expect(await totalNodes('hours')).toBe(15);
  // Closed hours are dropped from the meter once they are part of their day.
  const open = await runInDurableObject(meter, (_, { storage }) =>
    storage.sql.exec("SELECT start FROM spans WHERE span = 'hour'").toArray(),
  );
  expect(open).toHaveLength(1);
});

test('a D1 that fails loses nothing: the next alarm tells all', async () => {
  const meter = meterOf('failing');
  await meter.record(numbered(someFlush('failing', 2)));
  await env.REGISTRY.prepare(
    "CREATE TRIGGER broken BEFORE INSERT ON metric_spans BEGIN SELECT RAISE(ABORT, 'disk full'); END",
  ).run();
  const alarm = runInDurableObject(meter, (instance) => instance.alarm());
  await expect(alarm).rejects.toThrow('disk full');
  expect(await totalNodes('failing')).toBeUndefined();
  await env.REGISTRY.prepare('DROP TRIGGER broken').run();
  await meter.record(numbered(someFlush('failing', 3)));
  await runDurableObjectAlarm(meter);
  expect(await totalNodes('failing')).toBe(5);
});

test('figures go when their class is over, totals stay', async () => {
  const start = Date.UTC(2026, 0, 1);
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  const meter = meterOf('old');
  await meter.record(numbered(someFlush('old', 2)));
  await runDurableObjectAlarm(meter);
  vi.setSystemTime(start + (RETENTION_DAYS.hour + 1) * DAY_MS);
  await meter.record(numbered(someFlush('old', 3)));
  await runDurableObjectAlarm(meter);
  expect(await nodes('old')).toEqual([3]);
  expect(await nodes('old', 'day')).toEqual([2, 3]);
  vi.setSystemTime(start + (RETENTION_DAYS.day + 2) * DAY_MS);
  await meter.record(numbered(someFlush('old', 4)));
  await runDurableObjectAlarm(meter);
  expect(await nodes('old')).toEqual([4]);
  expect(await nodes('old', 'day')).toEqual([3, 4]);
  expect(await totalNodes('old')).toBe(9);
  const isolates = await runInDurableObject(meter, (_, { storage }) =>
    storage.sql.exec('SELECT id FROM isolates').toArray(),
  );
  expect(isolates).toHaveLength(1);
});

test('flushes of many isolates at once are all counted', async () => {
  const meter = meterOf('many');
  await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      meter.record(numbered(someFlush('many', 1), `isolate-${i % 8}-${i}`)),
    ),
  );
  await runDurableObjectAlarm(meter);
  expect(await totalNodes('many')).toBe(40);
});
