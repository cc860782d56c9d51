import { env } from 'cloudflare:workers';
import { createTestBundle } from '@dandan/shared/testing';
import { MAX_HEARTBEAT_MODELS } from '@dandan/shared/wire';
import { beforeAll, expect, test } from 'vitest';
import { createCode, normaliseCode } from '../devices/code.ts';
import { call, createKey, expectProblem, migrate, storedCounts } from '../testing/edge-client.ts';
import { createGateway, heartbeat } from '../testing/gateways.ts';
import { publish, SIGNER } from '../testing/releases.ts';

const made = await createTestBundle({ model: 'press', seed: 1 });
const report = { model: 'press', release: 1, bundle: made.sha256 };

interface Device {
  readonly id: string;
  readonly lastSeen: string | null;
  readonly removed: string | null;
  readonly software: string | null;
  readonly models: readonly object[];
}

beforeAll(async () => {
  await migrate();
  await publish(made);
});

async function deviceNamed(id: string): Promise<Device | undefined> {
  const { devices } = await (await call('GET /v1/devices')).json<{ devices: Device[] }>();
  return devices.find((device) => device.id === id);
}

async function newCode(device: string, minutes?: number) {
  const json = { device, ...(minutes !== undefined && { minutes }) };
  const response = await call('POST /v1/enrolments', { json });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.json<{ id: string; code: string; expires: string }>();
}

const enrol = (code: string, from = '192.0.2.1') =>
  call('POST /v1/enrol', { key: null, json: { code }, headers: { 'cf-connecting-ip': from } });

test('a gateway changes a code into a key that is its own', async () => {
  const { code } = await newCode('line-3');
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
  const response = await enrol(code);
  expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const { key, device, id, signingKeys } = await response.json<{
    key: string;
    device: string;
    id: string;
    signingKeys: { id: string }[];
  }>();
  expect(device).toBe('line-3');
  expect(signingKeys).toMatchObject([{ id: SIGNER.id }]);
  await heartbeat({ device, key }, report);
  expect(await deviceNamed('line-3')).toMatchObject({
    software: 'test 1',
    removed: null,
    models: [{ ...report, channel: 'stable', state: 'running' }],
  });
  const { entries } = await (await call('GET /v1/audit?limit=2')).json<{ entries: object[] }>();
  expect(entries).toMatchObject([
    { action: 'enrolment-redeem', target: 'line-3', detail: `key ${id}` },
    { action: 'enrolment-create', target: 'line-3' },
  ]);
  const kept = await env.REGISTRY.prepare('SELECT * FROM enrolments').all();
  const listed = await (await call('GET /v1/enrolments')).text();
  for (const secret of [code, normaliseCode(code), key]) {
    expect(JSON.stringify([kept.results, listed, entries])).not.toContain(secret);
  }
});

test('a code works once, also when two try at the same time', async () => {
  const { code } = await newCode('twice');
  const answers = await Promise.all([1, 2, 3].map(() => enrol(code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401]);
  await expectProblem(await enrol(code), 401, 'code-invalid');
  const keys = await env.REGISTRY.prepare("SELECT COUNT(*) AS n FROM keys WHERE device = 'twice'");
  expect(await keys.first('n')).toBe(1);
});

test('a code may be typed as people type', async () => {
  const { code } = await newCode('typed');
  const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
  expect((await enrol(typed)).status).toBe(201);
  expect(new Set(Array.from({ length: 100 }, createCode)).size).toBe(100);
});

test('a code that ran out, was cancelled or never was is refused alike, and tries are few', async () => {
  const late = await newCode('late');
  await env.REGISTRY.prepare('UPDATE enrolments SET expires = ? WHERE id = ?')
    .bind(new Date(Date.now() - 1).toISOString(), late.id)
    .run();
  const cancelled = await newCode('cancelled');
  expect((await call(`DELETE /v1/enrolments/${cancelled.id}`)).status).toBe(204);
  const before = await storedCounts();
  for (const code of [late.code, cancelled.code, createCode(), 'x']) {
    const problem = await expectProblem(await enrol(code), 401, 'code-invalid');
    expect(JSON.stringify(problem)).not.toContain(code.length > 1 ? code : '"value"');
  }
  expect(await storedCounts()).toEqual(before);
  const tries = await Promise.all(
    Array.from({ length: 60 }, () => enrol(createCode(), '192.0.2.2')),
  );
  expect(tries.some(({ status }) => status === 429)).toBe(true);
  const unknown = await call('DELETE /v1/enrolments/00000000-0000-4000-8000-000000000000');
  await expectProblem(unknown, 404, 'enrolment-unknown');
});

test.each([
  [{ device: 'a b' }, 'device'],
  [{ device: '' }, 'device'],
  [{ device: 'x', minutes: 0 }, 'minutes'],
  [{ device: 'x', minutes: 1e6 }, 'minutes'],
  [{}, 'device'],
])('POST /v1/enrolments refuses %j, naming %s', async (json, field) => {
  const before = await storedCounts();
  const response = await call('POST /v1/enrolments', { json });
  expect((await expectProblem(response, 422, 'option-invalid')).field).toBe(field);
  expect(await storedCounts()).toEqual(before);
});

test('a heartbeat tells what the newest one said, and a late one of an old release nothing', async () => {
  const gateway = await createGateway('counting');
  await heartbeat(gateway, { ...report, release: 2, rows: 10 });
  await heartbeat(gateway, { ...report, release: 2, rows: 25, errors: 1 });
  const answer = await heartbeat(gateway, { ...report, release: 1, rows: 900, errors: 900 });
  expect(answer.channels).toEqual([
    { model: 'press', channel: 'stable', release: 1, bundle: made.sha256 },
  ]);
  const { models } = (await deviceNamed('counting')) ?? {};
  expect(models).toMatchObject([{ release: 2, rows: 25, errors: 1 }]);
});

test('a key without a device is one by its id', async () => {
  const { key, id } = await createKey('device');
  await heartbeat({ device: id, key }, report);
  expect(await deviceNamed(id)).toMatchObject({ models: [report] });
});

test('models that were never released here are kept but not answered', async () => {
  const gateway = await createGateway('foreign');
  expect((await heartbeat(gateway, { ...report, model: 'elsewhere' })).channels).toEqual([]);
  expect(await deviceNamed('foreign')).toMatchObject({ models: [{ model: 'elsewhere' }] });
});

test.each<[object, string]>([
  [{ software: 'x', models: [{}] }, 'models[0].model'],
  [{ software: 'x' }, 'models'],
  [{ software: 'a\u0007', models: [] }, 'software'],
  [{ software: 'x', models: [{ ...report, channel: 'stable', state: 'gone' }] }, 'models[0].state'],
  [
    {
      software: 'x',
      models: [{ ...report, channel: 'stable', state: 'running', rows: -1, errors: 0 }],
    },
    'models[0].rows',
  ],
  [
    {
      software: 'x',
      models: Array(2).fill({
        ...report,
        channel: 'stable',
        state: 'running',
        rows: 0,
        errors: 0,
      }),
    },
    'models',
  ],
  [
    {
      software: 'x',
      models: Array.from({ length: MAX_HEARTBEAT_MODELS + 1 }, (_, i) => ({
        ...report,
        model: `m${i}`,
        channel: 'stable',
        state: 'running',
        rows: 0,
        errors: 0,
      })),
    },
    'models',
  ],
])('a heartbeat %# is refused, naming %s', async (json, field) => {
  const { key } = await createGateway('refused');
  const response = await call('POST /v1/heartbeats', { key, json });
  expect((await expectProblem(response, 422, 'option-invalid')).field).toBe(field);
  expect(await deviceNamed('refused')).toBeUndefined();
});

test('a device that is removed has no key any more, and comes back by enrolment', async () => {
  const gateway = await createGateway('removed');
  await heartbeat(gateway, report);
  expect((await call('DELETE /v1/devices/removed')).status).toBe(204);
  await expectProblem(await call('GET /v1/models', { key: gateway.key }), 401, 'key-invalid');
  expect((await deviceNamed('removed'))?.removed).not.toBeNull();
  await expectProblem(await call('DELETE /v1/devices/nobody'), 404, 'device-unknown');
  const { code } = await newCode('removed');
  expect((await enrol(code)).status).toBe(201);
  expect((await deviceNamed('removed'))?.removed).toBeNull();
});
