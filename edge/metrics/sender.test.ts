import {
  createExecutionContext,
  runDurableObjectAlarm,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Bindings } from '../env.ts';
import { migrate } from '../testing/edge-client.ts';
import { meterOf } from '../testing/meter.ts';
import { someSeries } from '../testing/tallies.ts';
import { createAccumulator } from './accumulator.ts';
import { STAGE_DOUBLES } from './data-points.ts';
import type { Flush } from './flush.ts';
import { createSender, MAX_UNSENT } from './sender.ts';
import { readTotals } from './stored-series.ts';

beforeAll(migrate);

/** The real meters behind a line that fails before or after some of the calls. */
function failingMeters(fails: (call: number) => 'before' | 'after' | undefined) {
  let calls = 0;
  const getByName = (model: string) => ({
    async record(flush: Flush) {
      const failure = fails(++calls);
      if (failure === 'before') throw new Error('the line is down');
      await meterOf(model).record(flush);
      if (failure === 'after') throw new Error('the answer was lost');
    },
  });
  return { METER: { getByName } as unknown as Bindings['METER'], calls: () => calls };
}

function createLine(METER: Bindings['METER'], more: Partial<Bindings> = {}) {
  const accumulator = createAccumulator();
  const sender = createSender({ accumulator, delayMs: 0 });
  return {
    observe(model: string, nodes: number) {
      const asker = { key: 'k', device: '' };
      accumulator.add({ ...someSeries(nodes), model, asker });
    },
    async flush() {
      const context = createExecutionContext();
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
      sender.schedule({ ...env, METER, ...more }, (promise) => context.waitUntil(promise));
      await waitOnExecutionContext(context);
      warn.mockRestore();
    },
  };
}

async function counted(model: string): Promise<number | undefined> {
  await runDurableObjectAlarm(meterOf(model));
  const totals = await readTotals(env.REGISTRY, '', 100);
  return totals.find((total) => total.model === model)?.tally.nodes;
}

test('what could not be sent waits, and goes once when the line is back', async () => {
  const { METER } = failingMeters((call) => (call <= 2 ? 'before' : undefined));
  const line = createLine(METER);
  for (const nodes of [1, 2, 4]) {
    line.observe('waits', nodes);
    await line.flush();
  }
  expect(await counted('waits')).toBe(7);
});

test('a flush whose answer was lost is sent again and counts once', async () => {
  const { METER, calls } = failingMeters((call) => (call <= 2 ? 'after' : undefined));
  const line = createLine(METER);
  for (const nodes of [1, 2, 4]) {
    line.observe('lost', nodes);
    await line.flush();
  }
  expect(calls()).toBeGreaterThan(3);
  expect(await counted('lost')).toBe(7);
});

test('a meter that is away delays no other', async () => {
  const { METER } = failingMeters((call) => (call === 1 ? 'before' : undefined));
  const line = createLine(METER);
  line.observe('away', 1);
  line.observe('there', 2);
  await line.flush();
  expect(await counted('there')).toBe(2);
  expect(await counted('away')).toBeUndefined();
  line.observe('there', 4);
  await line.flush();
  expect(await counted('away')).toBe(1);
  expect(await counted('there')).toBe(6);
});

test('while nobody answers, the oldest figures go first', async () => {
  let down = true;
  const { METER } = failingMeters(() => (down ? 'before' : undefined));
  const line = createLine(METER);
  for (let i = 0; i < MAX_UNSENT + 3; i++) {
    line.observe('bounded', i < 3 ? 1000 : 1);
    await line.flush();
  }
  down = false;
  line.observe('bounded', 1);
  await line.flush();
  expect(await counted('bounded')).toBe(MAX_UNSENT);
});

test('one flush is under way at a time; a cut-off one does not stop the next', async () => {
  let time = 0;
  const accumulator = createAccumulator();
  const sender = createSender({ accumulator, delayMs: 1, now: () => time });
  const started: Promise<unknown>[] = [];
  const schedule = () => sender.schedule({ ...env }, (promise) => started.push(promise));
  for (let i = 0; i < 5; i++) schedule();
  expect(started).toHaveLength(1);
  time = 60_000;
  schedule();
  expect(started).toHaveLength(2);
  await Promise.all(started);
  schedule();
  expect(started).toHaveLength(3);
  await Promise.all(started);
});

test('Analytics Engine gets one point per series where it is bound', async () => {
  const points: AnalyticsEngineDataPoint[] = [];
  const ANALYTICS = {
    writeDataPoint: (point: AnalyticsEngineDataPoint) => void points.push(point),
  };
  const line = createLine(undefined, { ANALYTICS });
  line.observe('analysed', 3);
  line.observe('analysed', 4);
  await line.flush();
  expect(points).toHaveLength(1);
  const [{ indexes, blobs, doubles = [] }] = points;
  expect(indexes).toEqual(['analysed']);
  expect(blobs?.slice(1)).toEqual(['day', 'predict']);
  expect(doubles.slice(0, 4)).toEqual([2, 7, 70, 280]);
  expect(doubles).toHaveLength(20);
  expect(doubles.slice(-STAGE_DOUBLES)[0]).toBe(7);
});
