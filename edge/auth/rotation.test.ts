import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { call, createKey, expectProblem, migrate, storedCounts } from '../testing/edge-client.ts';
import { createGateway } from '../testing/gateways.ts';

beforeAll(migrate);

interface NewKey {
  readonly id: string;
  readonly key: string;
  readonly device: string | null;
  readonly scope: string;
}

async function rotate(id: string, options: { key?: string; json?: object } = {}): Promise<NewKey> {
  const response = await call(`POST /v1/keys/${id}/rotate`, { json: {}, ...options });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.json();
}

const works = async (key: string) => (await call('GET /v1/models', { key })).status === 200;

/** Moves the end of a key's time into the past. */
async function runOut(id: string): Promise<void> {
  await env.REGISTRY.prepare('UPDATE keys SET expires = ? WHERE id = ? AND expires IS NOT NULL')
    .bind(new Date(Date.now() - 1).toISOString(), id)
    .run();
  // A revocation lets go of the keys that the isolate has kept for a few seconds.
  const other = await createKey('predict');
  expect((await call(`DELETE /v1/keys/${other.id}`)).status).toBe(204);
}

test('a gateway replaces its own key: both work for a while, then the new one alone', async () => {
  const { key } = await createGateway('rotating');
  const next = await rotate('self', { key });
  expect(next).toMatchObject({ scope: 'device', device: 'rotating' });
  expect(next.key).not.toBe(key);
  expect([await works(key), await works(next.key)]).toEqual([true, true]);
  const { keys } = await (await call('GET /v1/keys')).json<{
    keys: { id: string; device: string | null; expires: string | null }[];
  }>();
  const [old] = keys.filter(({ device, expires }) => device === 'rotating' && expires !== null);
  await runOut(old.id);
  expect([await works(key), await works(next.key)]).toEqual([false, true]);
  const third = await rotate('self', { key: next.key, json: { overlapMinutes: 0 } });
  expect([await works(next.key), await works(third.key)]).toEqual([false, true]);
});

test('an operator replaces any key, others only their own', async () => {
  const predict = await createKey('predict');
  const device = await createKey('device');
  const next = await rotate(predict.id);
  expect(await works(next.key)).toBe(true);
  const before = await storedCounts();
  const refused = await call(`POST /v1/keys/${predict.id}/rotate`, { key: device.key, json: {} });
  expect((await expectProblem(refused, 403, 'scope-missing')).allowed).toBe('operator');
  expect(await storedCounts()).toEqual(before);
  expect((await rotate(device.id, { key: device.key })).scope).toBe('device');
});

test('rotating twice never gives the oldest key more time', async () => {
  const { id, key } = await createKey('predict');
  await rotate(id, { json: { overlapMinutes: 1 } });
  const ends = () => env.REGISTRY.prepare('SELECT expires FROM keys WHERE id = ?').bind(id);
  const first = await ends().first('expires');
  await rotate(id, { json: { overlapMinutes: 10_000 } });
  expect(await ends().first('expires')).toBe(first);
  expect(await works(key)).toBe(true);
});

test('a revoked key, one that ran out and the bootstrap key cannot be replaced', async () => {
  const { id } = await createKey('predict');
  expect((await call(`DELETE /v1/keys/${id}`)).status).toBe(204);
  const before = await storedCounts();
  const revoked = await call(`POST /v1/keys/${id}/rotate`, { json: {} });
  await expectProblem(revoked, 404, 'key-unknown');
  const bootstrap = await call('POST /v1/keys/self/rotate', { json: {} });
  await expectProblem(bootstrap, 409, 'key-fixed');
  for (const [json, field] of [
    [{ overlapMinutes: -1 }, 'overlapMinutes'],
    [{ overlapMinutes: 1e6 }, 'overlapMinutes'],
    [{ minutes: 1 }, 'body'],
  ] as const) {
    const response = await call(`POST /v1/keys/${id}/rotate`, { json });
    expect((await expectProblem(response, 422, 'option-invalid')).field).toBe(field);
  }
  expect(await storedCounts()).toEqual(before);
});

test('revoking the old key after a rotation leaves the new one', async () => {
  const old = await createKey('predict');
  const next = await rotate(old.id);
  expect((await call(`DELETE /v1/keys/${old.id}`)).status).toBe(204);
  expect([await works(old.key), await works(next.key)]).toEqual([false, true]);
});
