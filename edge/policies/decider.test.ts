import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import {
  encodeQuantisedRows,
  explainResponseSchema,
  type PredictResponse,
  predictResponseSchema,
} from '@dandan/shared/wire';
import { beforeAll, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { call, migrate, OPERATOR_KEY, safetensors } from '../testing/edge-client.ts';
import { floatRows, jsonRows } from '../testing/float-rows.ts';
import { publish } from '../testing/releases.ts';
import { addTraffic } from '../testing/traffic-table.ts';
import { createPolicyDecider, REREAD_MS } from './decider.ts';

const models = new Map<string, TestBundle>();
const NIGHT = {
  schema: 1,
  timeZone: 'Asia/Tokyo',
  rules: [{ days: ['thu'], from: '22:00', to: '06:00', policy: 'night' }],
};
const noon = Date.parse('2026-11-26T12:00+09:00');
const late = Date.parse('2026-11-26T23:00+09:00');

beforeAll(async () => {
  await migrate();
  for (const [seed, model] of ['clock', 'load', 'cost', 'none', 'shared', 'stale'].entries()) {
    const made = await createTestBundle({ model, seed, thresholds: [0.9, 0.9] });
    models.set(model, made);
    await publish(made);
  }
});

/** Without a meter: the tests write the roll-ups themselves, and wait for none. */
const { METER: _none, ...bindings } = env;
const context = createExecutionContext();

/** An edge of its own whose clock the test holds. */
function createEdge(start: number) {
  const clock = { time: start };
  const app = createApp({ policies: createPolicyDecider({ now: () => clock.time }) });
  async function send(path: string, init: RequestInit) {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${OPERATOR_KEY}`);
    const response = await app.request(path, { ...init, headers }, bindings, context);
    expect({ status: response.status, text: await response.clone().text() }).toMatchObject({
      status: expect.toSatisfy((status: number) => status < 300),
    });
    return response.json();
  }
  const json = (body: object, method = 'POST'): RequestInit => ({
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const rowsOf = (model: string, count: number) => jsonRows(floatRows(bundleOf(model), count));
  return {
    clock,
    put: (model: string, document: object) => send(`/v1/policies/${model}`, json(document, 'PUT')),
    async predict(model: string, options: object = {}, count = 20): Promise<PredictResponse> {
      const body = { rows: rowsOf(model, count), ...options };
      return predictResponseSchema.parse(await send(`/v1/models/${model}/predict`, json(body)));
    },
    async explain(model: string, options: object = {}) {
      const body = { rows: rowsOf(model, 1), ...options };
      return explainResponseSchema.parse(await send(`/v1/models/${model}/explain`, json(body)));
    },
    async escalate(model: string): Promise<PredictResponse> {
      const { bundle, sha256 } = bundleOf(model);
      const rows = createTestRows(bundle.input, 20);
      const file = encodeQuantisedRows(rows, { model, bundle: sha256 });
      const { body, headers } = safetensors(file, { headers: { 'idempotency-key': 'a' } });
      const init = { method: 'POST', body, headers } as RequestInit;
      return predictResponseSchema.parse(await send('/v1/escalations', init));
    },
  };
}

function bundleOf(model: string): TestBundle {
  const found = models.get(model);
  if (found === undefined) throw new Error(`no ${model}`);
  return found;
}

const deepest = ({ answers }: PredictResponse) => Math.max(...answers.map(({ stage }) => stage));

test('without a document auto is day, and the answer says nothing of a decision', async () => {
  const edge = createEdge(late);
  for (const options of [{}, { policy: 'auto' }, { policy: 'day' }]) {
    const answer = await edge.predict('none', options);
    expect(answer.policy).toBe('day');
    expect(answer).not.toHaveProperty('decided');
  }
  expect((await edge.predict('none', { policy: 'night' })).policy).toBe('night');
});

test('the document decides where the caller does not, by the clock of its zone', async () => {
  const edge = createEdge(noon);
  await edge.put('clock', NIGHT);
  const day = await edge.predict('clock');
  expect(day).toMatchObject({ policy: 'day', decided: 'day outside all windows, Asia/Tokyo' });
  expect(deepest(day)).toBe(3);
  edge.clock.time = late;
  const night = await edge.predict('clock');
  expect(night).toMatchObject({
    policy: 'night',
    decided: 'night window 22:00–06:00 Asia/Tokyo',
  });
  expect(deepest(night)).toBe(1);
  const named = await edge.predict('clock', { policy: 'day' });
  expect([named.policy, named.decided, deepest(named)]).toEqual(['day', undefined, 3]);
  const explained = await edge.explain('clock');
  expect([explained.policy, explained.decided]).toEqual(['night', night.decided]);
  const escalated = await edge.escalate('clock');
  expect([escalated.policy, escalated.decided, deepest(escalated)]).toEqual(['day', undefined, 3]);
});

test('load caps every request, also one that names its policy, until it has fallen', async () => {
  const edge = createEdge(noon);
  const steps = [
    { at: 4, maxStage: 2 },
    { at: 8, maxStage: 1 },
  ];
  await edge.put('load', { ...NIGHT, load: { measure: 'rows-per-second', steps } });
  expect(deepest(await edge.predict('load', {}, 40))).toBe(3);
  const second = await edge.predict('load', {}, 40);
  expect([deepest(second), second.decided]).toEqual([
    2,
    'day outside all windows, Asia/Tokyo; load of 4 rows per second: at most stage 2',
  ]);
  const third = await edge.predict('load', { policy: 'day' }, 1);
  expect([deepest(third), third.decided]).toEqual([
    1,
    'day as asked; load of 8 rows per second: at most stage 1',
  ]);
  expect(deepest(await edge.predict('load', { maxStage: 3 })), 'the smaller wins').toBe(1);
  expect(deepest(await edge.escalate('load'))).toBe(1);
  expect((await edge.explain('load')).explanations[0].stage).toBe(1);
  edge.clock.time += 10_000;
  const after = await edge.predict('load');
  expect([deepest(after), after.decided]).toEqual([3, 'day outside all windows, Asia/Tokyo']);
});

test('cost steps down to stage 1 by what this isolate spent, and is forgiven at midnight', async () => {
  const edge = createEdge(noon);
  const full = await createEdge(noon).predict('cost');
  const macs = full.answers.reduce((sum, answer) => sum + answer.macs, 0);
  const cost = { perDay: 2 * macs, unit: 'macs', steps: [{ at: 0.5, maxStage: 2 }] };
  await edge.put('cost', { ...NIGHT, cost });
  expect(deepest(await edge.predict('cost'))).toBe(3);
  const half = await edge.predict('cost');
  expect(deepest(half)).toBe(2);
  expect(half.decided).toContain('50 % of the day');
  for (let i = 0; i < 4; i++) await edge.predict('cost');
  const spent = await edge.predict('cost');
  expect([spent.policy, deepest(spent)]).toEqual(['night', 1]);
  expect(spent.decided).toContain('is spent: stage 1');
  const escalated = await edge.escalate('cost');
  expect([escalated.policy, deepest(escalated)]).toEqual(['day', 1]);
  edge.clock.time = Date.parse('2026-11-27T00:00+09:00') + REREAD_MS;
  expect(deepest(await edge.predict('cost', { policy: 'day' }))).toBe(3);
});

test('what other isolates spent is read from the roll-ups, of all models for all models', async () => {
  const edge = createEdge(noon);
  const cost = { perDay: 1000, unit: 'macs' };
  await edge.put('*', { schema: 1, timeZone: 'Asia/Tokyo', cost: { ...cost, perDay: 1e9 } });
  expect(deepest(await edge.predict('shared'))).toBe(3);
  const { sha256 } = bundleOf('none');
  const traffic = { model: 'none', bundle: sha256, stages: [10, 0, 0] };
  await addTraffic({ ...traffic, start: '2026-11-25T14:00Z', macs: 1e9 });
  await addTraffic({ ...traffic, start: '2026-11-26T02:00Z', macs: 1e9, source: 'gateway' });
  edge.clock.time += REREAD_MS;
  expect(deepest(await edge.predict('shared')), 'yesterday, and gateways').toBe(3);
  await addTraffic({ ...traffic, start: '2026-11-25T15:00Z', macs: 1e9 });
  expect(deepest(await edge.predict('shared')), 'not read on every request').toBe(3);
  edge.clock.time += REREAD_MS;
  expect((await edge.predict('shared')).decided).toContain('is spent');
});

test('a version that another isolate wrote is seen within seconds, one of its own at once', async () => {
  const edge = createEdge(noon);
  const own = { schema: 1, timeZone: 'UTC' };
  await edge.put('stale', own);
  expect((await edge.predict('stale')).policy).toBe('day');
  const other = await call('PUT /v1/policies/stale', { json: { ...own, otherwise: 'night' } });
  expect(other.status).toBe(201);
  edge.clock.time += REREAD_MS - 1;
  expect((await edge.predict('stale')).policy).toBe('day');
  edge.clock.time += 1;
  expect((await edge.predict('stale')).policy).toBe('night');
  await edge.put('stale', own);
  expect((await edge.predict('stale')).policy).toBe('day');
});
