import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import type { DryRun } from '../policies/schemas.ts';
import { call, expectProblem, migrate, storedCounts } from '../testing/edge-client.ts';
import { publish } from '../testing/releases.ts';
import { addTraffic } from '../testing/traffic-table.ts';

const press = await createTestBundle({ model: 'press', seed: 1 });
const lathe = await createTestBundle({ model: 'lathe', seed: 2, units: [8, 16] });
const FRIDAY_NIGHT = { days: ['fri'], from: '22:00', to: '06:00', policy: 'night' };
const TOKYO = { schema: 1, timeZone: 'Asia/Tokyo', rules: [FRIDAY_NIGHT] };

beforeAll(async () => {
  await migrate();
  for (const made of [press, lathe]) await publish(made);
  const capped = {
    ...TOKYO,
    load: { measure: 'rows-per-second', steps: [{ at: 500, maxStage: 2 }] },
    cost: { perDay: 1, unit: 'usd', usdPerTeraMacs: 0.5, steps: [{ at: 0.8, maxStage: 2 }] },
  };
  expect((await call('PUT /v1/policies/press', { json: capped })).status).toBe(201);
});

const decision = async (query: string, model = 'press') => {
  const response = await call(`GET /v1/policies/${model}/decision${query}`);
  expect(response.status).toBe(200);
  return response.json<Record<string, unknown>>();
};

test('a decision says what holds at a time, why, and until when', async () => {
  expect(await decision('?at=2026-11-27T23:00:00%2B09:00')).toMatchObject({
    model: 'press',
    document: { model: 'press', version: 1 },
    at: '2026-11-27T14:00:00.000Z',
    local: '2026-11-27 23:00 Asia/Tokyo',
    policy: 'night',
    maxStage: null,
    reasons: [{ code: 'window', text: 'night window 22:00–06:00 Asia/Tokyo' }],
    nextChange: '2026-11-27T21:00:00.000Z',
    load: 0,
    spent: 0,
  });
  const now = await decision('');
  expect(now).toMatchObject({ document: { version: 1 }, spent: 0, load: 0 });
});

test('a decision can be asked for a load and a share of the ceiling', async () => {
  const at = 'at=2026-11-27T12:00:00Z';
  expect(await decision(`?${at}&load=500`)).toMatchObject({ maxStage: 2, load: 500 });
  expect(await decision(`?${at}&load=499`)).toMatchObject({ maxStage: null });
  expect(await decision(`?${at}&spent=0.8`)).toMatchObject({ maxStage: 2, spent: 0.8 });
  expect(await decision(`?${at}&spent=1&load=9999`)).toMatchObject({
    policy: 'night',
    maxStage: 1,
    reasons: [{ code: 'otherwise' }, { code: 'load' }, { code: 'cost-spent' }],
  });
});

test('a decision of a model without a document is that of all models, or unknown', async () => {
  await expectProblem(await call('GET /v1/policies/lathe/decision'), 404, 'document-unknown');
  const steps = [{ at: 0.9, maxStage: 1 }];
  const all = { schema: 1, timeZone: 'UTC', load: { measure: 'cpu-share', steps } };
  expect((await call('PUT /v1/policies/*', { json: all })).status).toBe(201);
  expect(await decision('', 'lathe')).toMatchObject({
    document: { model: '*', version: 1 },
    policy: 'day',
    maxStage: null,
    nextChange: null,
    load: null,
    spent: null,
  });
  await expectProblem(await call('GET /v1/policies/none/decision'), 404, 'model-unknown');
});

test.each([
  ['at=tomorrow', 'at'],
  ['at=2026-11-27T23:00:00', 'at'],
  ['at=1999-01-01T00:00:00Z', 'at'],
  ['load=-1', 'load'],
  ['load=many', 'load'],
  ['spent=Infinity', 'spent'],
])('a decision refuses %s with an example', async (query, field) => {
  const response = await call(`GET /v1/policies/press/decision?${query}`);
  const problem = await expectProblem(response, 422, 'option-invalid');
  expect(problem).toMatchObject({ field, allowed: expect.stringContaining('e.g.') });
});

const dryRun = async (model: string, json: object, date = '2026-11-27') => {
  const response = await call(`POST /v1/policies/${model}/dry-run?date=${date}`, { json });
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: 200 });
  return JSON.parse(text) as DryRun;
};

/** Two hours of Friday in Tokyo, one of Thursday, one of a gateway's own. */
async function addFriday(): Promise<void> {
  const [first, second, third] = press.bundle.manifest.stages.map(({ macs }) => macs);
  const macs = 100 * first + 100 * (first + second) + 100 * (first + second + third);
  const hour = { model: 'press', bundle: press.sha256, stages: [100, 100, 100], macs };
  await addTraffic({ ...hour, start: '2026-11-27T03:00Z' });
  await addTraffic({ ...hour, start: '2026-11-27T13:00Z' });
  await addTraffic({ ...hour, start: '2026-11-27T13:00Z', source: 'gateway' });
  await addTraffic({ ...hour, start: '2026-11-26T14:00Z' });
}

test('a dry-run tells what a night window would have changed on that day of traffic', async () => {
  await addFriday();
  const before = await storedCounts();
  const day = await dryRun('press', TOKYO);
  const [{ macs }] = press.bundle.manifest.stages;
  expect(day).toMatchObject({
    model: 'press',
    date: '2026-11-27',
    timeZone: 'Asia/Tokyo',
    was: { nodes: 600, policies: { day: 600 }, exits: [200, 200, 200] },
    wouldBe: { nodes: 600, policies: { day: 300, night: 300 }, exits: [400, 100, 100] },
    moved: 200,
    estimated: 0,
  });
  expect(day.hours.map(({ start, local, wouldBe }) => [start, local, wouldBe.exits])).toEqual([
    ['2026-11-27T03:00:00.000Z', '2026-11-27 12:00', [100, 100, 100]],
    ['2026-11-27T13:00:00.000Z', '2026-11-27 22:00', [300, 0, 0]],
  ]);
  expect(day.hours[1].wouldBe.macs).toBe(300 * macs);
  expect(day.hours[1].decisions).toEqual([
    {
      from: '2026-11-27T13:00:00.000Z',
      local: '2026-11-27 22:00',
      policy: 'night',
      maxStage: null,
      reason: 'night window 22:00–06:00 Asia/Tokyo',
    },
  ]);
  expect(day.wouldBe.usd).toBeCloseTo((day.wouldBe.macs / 1e12) * day.usdPerTeraMacs, 12);
  const { was, wouldBe } = day.hours[1];
  // 0.9 is each stage's agreement; a third of nodes is confident at stage 1, the others were cut.
  expect(was.agreement).toBeCloseTo(1 - (200 * 0.1) / 300, 5);
  expect(wouldBe.agreement).toBeCloseTo(1 - (100 * 0.1 + 200 * 0.15) / 300, 5);
  expect(await storedCounts()).toEqual(before);
});

test('a dry-run counts what it must estimate, and says so', async () => {
  const cut = { model: 'lathe', bundle: lathe.sha256, policy: 'night', macs: 100 };
  await addTraffic({
    ...cut,
    start: '2026-11-27T00:00Z',
    stages: [10, 0],
    stopped: [4, 0, 6, 0],
  });
  const daily = await dryRun('lathe', { schema: 1, timeZone: 'UTC' });
  expect(daily).toMatchObject({
    was: { policies: { night: 10 }, exits: [10, 0] },
    wouldBe: { policies: { day: 10 }, exits: [4, 6] },
    moved: 6,
    estimated: 6,
  });
  expect(daily.notes.join(' ')).toContain('6 nodes were cut short');
});

test('a dry-run for all models leaves those with a document of their own as they were', async () => {
  const all = await dryRun('*', { schema: 1, timeZone: 'Asia/Tokyo', otherwise: 'night' });
  expect(all.was.nodes).toBe(610);
  expect(all.wouldBe.policies).toEqual({ day: 600, night: 10 });
});

test('a dry-run plays yesterday by default, by the wall clock of the draft', async () => {
  const today = Date.now();
  const hours = [1, 2].map((days) => new Date(today - days * 86_400_000).toISOString());
  for (const time of hours) {
    const start = `${time.slice(0, 13)}:00Z`;
    await addTraffic({ model: 'press', bundle: press.sha256, macs: 10, stages: [1, 0, 0], start });
  }
  const response = await call('POST /v1/policies/press/dry-run', {
    json: { schema: 1, timeZone: 'Etc/GMT' },
  });
  const day = await response.json<DryRun>();
  expect([day.date, day.was.nodes]).toEqual([hours[0].slice(0, 10), 1]);
});

test('a dry-run of a day without traffic is empty; bundles nobody knows are left out', async () => {
  const empty = await dryRun('press', TOKYO, '2026-01-01');
  expect(empty).toMatchObject({
    hours: [],
    was: { nodes: 0, exits: [], macs: 0, agreement: null },
    moved: 0,
  });
  const lost = { model: 'press', bundle: 'f'.repeat(64), stages: [7], macs: 1 };
  await addTraffic({ ...lost, start: '2026-01-01T12:00Z' });
  const day = await dryRun('press', TOKYO, '2026-01-01');
  expect([day.was.nodes, day.notes.at(-1)]).toEqual([
    0,
    '7 nodes of bundles whose manifest was not read are left out.',
  ]);
});

test('a dry-run refuses a draft that is none, an odd date and an unknown model', async () => {
  const path = '/v1/policies/press/dry-run';
  const draft = await call(`POST ${path}`, { json: { ...TOKYO, otherwise: 'dusk' } });
  const problem = await expectProblem(draft, 422, 'option-invalid');
  expect(problem).toMatchObject({ field: 'otherwise', value: 'dusk' });
  for (const date of ['yesterday', '2026-02-30', '1026-01-01']) {
    const odd = await call(`POST ${path}?date=${date}`, { json: TOKYO });
    expect((await expectProblem(odd, 422, 'option-invalid')).field).toBe('date');
  }
  const none = await call('POST /v1/policies/none/dry-run', { json: TOKYO });
  await expectProblem(none, 404, 'model-unknown');
});
