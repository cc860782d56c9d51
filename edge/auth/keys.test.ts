import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import { createApp } from '../app.ts';
import {
  call,
  createKey,
  expectProblem,
  migrate,
  OPERATOR_KEY,
  storedCounts,
} from '../testing/edge-client.ts';

beforeAll(migrate);

test('a key is shown once and only its SHA-256 is kept', async () => {
  const response = await call('POST /v1/keys', { json: { name: 'line 3', scope: 'device' } });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const { key, id } = await response.json<{ key: string; id: string }>();
  expect(key).toMatch(/^dk_[\w-]{43}$/);
  const listed = await (await call('GET /v1/keys')).json<{ keys: { id: string }[] }>();
  expect(listed.keys.find((entry) => entry.id === id)).toMatchObject({
    name: 'line 3',
    scope: 'device',
    revoked: null,
  });
  const rows = await env.REGISTRY.prepare('SELECT * FROM keys').all();
  expect(JSON.stringify([listed, rows.results])).not.toContain(key);
});

test('a revoked key stops working at once, and revoking twice keeps the first time', async () => {
  const { key, id } = await createKey('predict');
  expect((await call('GET /v1/models', { key })).status).toBe(200);
  expect((await call(`DELETE /v1/keys/${id}`)).status).toBe(204);
  const refused = await call('GET /v1/models', { key });
  expect(refused.headers.get('www-authenticate')).toContain('invalid_token');
  await expectProblem(refused, 401, 'key-invalid');
  const revoked = () =>
    env.REGISTRY.prepare('SELECT revoked FROM keys WHERE id = ?').bind(id).first('revoked');
  const first = await revoked();
  expect((await call(`DELETE /v1/keys/${id}`)).status).toBe(204);
  expect(await revoked()).toBe(first);
});

test('revoking an unknown key is 404, a malformed id 422', async () => {
  const unknown = 'DELETE /v1/keys/00000000-0000-4000-8000-000000000000';
  await expectProblem(await call(unknown), 404, 'key-unknown');
  const problem = await expectProblem(await call('DELETE /v1/keys/me'), 422, 'option-invalid');
  expect(problem).toMatchObject({ field: 'id', value: 'me' });
});

const GUARDED = [
  ['GET /v1/session', 'predict'],
  ['GET /v1/models', 'predict'],
  ['GET /v1/models/a', 'predict'],
  [`GET /v1/models/a/bundles/${'0'.repeat(64)}`, 'predict'],
  [`GET /v1/models/a/bundles/${'0'.repeat(64)}/manifest`, 'predict'],
  [`PUT /v1/models/a/bundles/${'0'.repeat(64)}`, 'operator'],
  ['GET /v1/models/a/channels/stable', 'predict'],
  ['POST /v1/models/a/channels/stable', 'operator'],
  ['GET /v1/models/a/channels/stable/releases', 'predict'],
  ['POST /v1/models/a/channels/stable/rollout', 'operator'],
  [`DELETE /v1/models/a/bundles/${'0'.repeat(64)}`, 'operator'],
  ['POST /v1/signing-keys', 'operator'],
  ['GET /v1/signing-keys', 'predict'],
  [`DELETE /v1/signing-keys/${'0'.repeat(64)}`, 'operator'],
  ['POST /v1/enrolments', 'operator'],
  ['GET /v1/enrolments', 'operator'],
  ['DELETE /v1/enrolments/me', 'operator'],
  ['POST /v1/heartbeats', 'device'],
  ['GET /v1/devices', 'operator'],
  ['DELETE /v1/devices/me', 'operator'],
  ['POST /v1/keys/self/rotate', 'predict'],
  ['POST /v1/models/a/predict', 'predict'],
  ['POST /v1/models/a/explain', 'predict'],
  ['POST /v1/escalations', 'device'],
  ['GET /v1/policies', 'predict'],
  ['GET /v1/policies/a', 'predict'],
  ['PUT /v1/policies/a', 'operator'],
  ['GET /v1/policies/a/decision', 'predict'],
  ['POST /v1/policies/a/dry-run', 'operator'],
  ['POST /v1/jobs', 'operator'],
  ['GET /v1/jobs', 'operator'],
  ['GET /v1/jobs/me', 'operator'],
  ['POST /v1/jobs/me/cancel', 'operator'],
  ['POST /v1/jobs/me/resume', 'operator'],
  ['GET /v1/jobs/me/results/results.csv', 'operator'],
  ['PUT /v1/job-inputs/me', 'operator'],
  ['GET /v1/job-inputs', 'operator'],
  ['DELETE /v1/job-inputs/me', 'operator'],
  ['GET /v1/job-schedules', 'operator'],
  ['PUT /v1/job-schedules/me', 'operator'],
  ['DELETE /v1/job-schedules/me', 'operator'],
  ['POST /v1/keys', 'operator'],
  ['GET /v1/keys', 'operator'],
  ['DELETE /v1/keys/me', 'operator'],
  ['GET /v1/audit', 'operator'],
  ['POST /v1/audit-samples', 'device'],
  ['POST /v1/gateway-metrics', 'device'],
  ['GET /metrics', 'predict'],
  ['GET /v1/hard-cases', 'operator'],
  ['GET /v1/explanations', 'operator'],
  ['GET /v1/explanations/00000000-0000-4000-8000-000000000000', 'operator'],
  ['GET /v1/hard-cases/export?model=a', 'operator'],
  [`GET /v1/hard-cases/${'0'.repeat(64)}`, 'operator'],
  [`PUT /v1/hard-cases/${'0'.repeat(64)}/label`, 'operator'],
  ['GET /v1/metrics', 'predict'],
  ['GET /v1/metrics/callers', 'operator'],
] as const;

test.each(GUARDED)('%s refuses a missing and a wrong key before anything else', async (target) => {
  const before = await storedCounts();
  const missing = await call(target, { key: null });
  expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
  await expectProblem(missing, 401, 'key-missing');
  for (const key of [`${OPERATOR_KEY}x`, 'dk_wrong', 'two words', 'x'.repeat(300)]) {
    const problem = await expectProblem(await call(target, { key }), 401, 'key-invalid');
    expect(JSON.stringify(problem)).not.toContain(key);
  }
  const basic = await call(target, { key: null, headers: { authorization: 'Basic dXNlcjpwYXNz' } });
  await expectProblem(basic, 401, 'key-invalid');
  expect(await storedCounts()).toEqual(before);
});

test.each(GUARDED.filter(([, scope]) => scope !== 'predict'))(
  '%s refuses a key below scope %s',
  async (target, scope) => {
    const keys = [await createKey('predict')];
    if (scope === 'operator') keys.push(await createKey('device'));
    const before = await storedCounts();
    for (const { key } of keys) {
      const response = await call(target, { key });
      expect(response.headers.get('www-authenticate')).toContain(`scope="${scope}"`);
      const problem = await expectProblem(response, 403, 'scope-missing');
      expect(problem.allowed).toBe(scope);
    }
    expect(await storedCounts()).toEqual(before);
  },
);

test.each([
  [{ name: 'x' }, 'scope'],
  [{ name: 'x', scope: 'root' }, 'scope'],
  [{ name: '', scope: 'device' }, 'name'],
  [{ name: 'a\nb', scope: 'device' }, 'name'],
  [{ name: 'x', scope: 'device', admin: true }, 'body'],
  [[], 'body'],
])('POST /v1/keys refuses %j, naming %s', async (json, field) => {
  const before = await storedCounts();
  const response = await call('POST /v1/keys', { json });
  expect((await expectProblem(response, 422, 'option-invalid')).field).toBe(field);
  expect(await storedCounts()).toEqual(before);
});

test('POST /v1/keys refuses bodies that are not JSON, not declared or too large', async () => {
  const json = { 'content-type': 'application/json' };
  const broken = await call('POST /v1/keys', { body: '{"name":', headers: json });
  await expectProblem(broken, 400, 'json-malformed');
  const form = await call('POST /v1/keys', {
    body: 'name=x',
    headers: { 'content-type': 'text/plain' },
  });
  await expectProblem(form, 415, 'media-type-unsupported');
  const large = await call('POST /v1/keys', { json: { name: 'x'.repeat(5000), scope: 'device' } });
  await expectProblem(large, 413, 'body-too-large');
});

test.each([undefined, '', 'fifteen-letters'])(
  'with OPERATOR_KEY %j there is no bootstrap key and the edge still runs',
  async (operatorKey) => {
    const { OPERATOR_KEY: _removed, ...bindings } = env;
    const app = createApp();
    const request = (path: string, key?: string) =>
      app.request(
        path,
        key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } },
        operatorKey === undefined ? bindings : { ...bindings, OPERATOR_KEY: operatorKey },
      );
    expect((await request('/healthz')).status).toBe(200);
    await expectProblem(await request('/v1/models'), 401, 'key-missing');
    await expectProblem(await request('/v1/models', operatorKey || 'x'), 401, 'key-invalid');
  },
);

test('a fault of the edge is 500 without its cause, which is logged', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { REGISTRY: _removed, ...bindings } = env;
  const headers = { authorization: 'Bearer not-the-operator' };
  const response = await createApp().request('/v1/models', { headers }, bindings);
  const problem = await expectProblem(response, 500, 'internal');
  expect(JSON.stringify(problem)).not.toMatch(/undefined|prepare|TypeError/);
  expect(String(log.mock.calls)).toContain('TypeError');
  log.mockRestore();
});
