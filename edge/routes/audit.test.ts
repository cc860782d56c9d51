import { env } from 'cloudflare:workers';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test, vi } from 'vitest';
import {
  bundlePath,
  call,
  createKey,
  expectProblem,
  migrate,
  safetensors,
} from '../testing/edge-client.ts';
import { publish, signed, trust } from '../testing/releases.ts';

interface Entry {
  readonly id: number;
  readonly at: string;
  readonly key: { readonly id: string; readonly name: string };
  readonly action: string;
  readonly target: string;
  readonly detail: string;
}

const made = await createTestBundle({ model: 'audited', seed: 5 });

beforeAll(migrate);

async function entries(query = ''): Promise<Entry[]> {
  const response = await call(`GET /v1/audit${query}`);
  expect(response.status).toBe(200);
  return (await response.json<{ entries: Entry[] }>()).entries;
}

/** What `attempt` adds to the log, oldest first. */
async function added(attempt: () => Promise<unknown>): Promise<Entry[]> {
  const [last] = await entries('?limit=1');
  await attempt();
  return (await entries()).filter(({ id }) => id > (last?.id ?? 0)).reverse();
}

test('every write has an entry that says who, what and when', async () => {
  const operator = await createKey('operator');
  const [mine] = await entries('?limit=1');
  expect(mine).toMatchObject({
    action: 'key-create',
    target: operator.id,
    detail: 'operator of a test, scope operator',
    key: { id: 'bootstrap', name: 'bootstrap' },
  });
  const { key } = operator;
  const uploaded = await added(() =>
    call(`PUT ${bundlePath(made)}`, safetensors(made.bytes, { key })),
  );
  const by = { id: operator.id, name: 'operator of a test' };
  expect(uploaded).toMatchObject([
    { action: 'bundle-upload', target: `audited/${made.sha256}`, key: by },
  ]);
  await trust();
  const pointer = await signed(made);
  const released = await added(() =>
    call('POST /v1/models/audited/channels/stable', { key, json: { pointer } }),
  );
  expect(released).toMatchObject([
    {
      action: 'release-publish',
      target: 'audited/stable',
      detail: `release 1, promoted, bundle ${made.sha256}`,
      key: by,
    },
  ]);
  const revoked = await added(() => call(`DELETE /v1/keys/${operator.id}`));
  expect(revoked).toMatchObject([{ action: 'key-revoke', target: operator.id }]);
  expect(Number.isNaN(Date.parse(revoked[0].at))).toBe(false);
  expect(JSON.stringify(await entries()), 'no secret').not.toContain(key);
});

test('what changes nothing has no entry', async () => {
  const other = await createTestBundle({ model: 'unchanged', seed: 6 });
  await publish(other);
  const { key, id } = await createKey('predict');
  await call(`DELETE /v1/keys/${id}`);
  const replayed = await signed(other, { change: { release: 1 } });
  const nothing = await added(async () => {
    expect((await call(`PUT ${bundlePath(other)}`, safetensors(other.bytes))).status).toBe(200);
    expect((await call(`DELETE /v1/keys/${id}`)).status).toBe(204);
    await call('DELETE /v1/keys/00000000-0000-4000-8000-000000000000');
    await call('POST /v1/keys', { json: { name: '', scope: 'device' } });
    await call('POST /v1/models/unchanged/channels/stable', { json: { pointer: replayed } });
    await call('GET /v1/models', { key });
  });
  expect(nothing).toEqual([]);
});

test('the log is read page by page and cannot be changed', async () => {
  for (let i = 0; i < 3; i++) await createKey('device');
  const all = await entries();
  expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).sort((a, b) => b - a));
  const [first] = await entries('?limit=1');
  expect(await entries(`?limit=2&before=${first.id}`)).toEqual(all.slice(1, 3));
  for (const statement of ['DELETE FROM audit_log', "UPDATE audit_log SET detail = 'x'"]) {
    await expect(env.REGISTRY.prepare(statement).run()).rejects.toThrow('append-only');
  }
  for (const query of ['?limit=0', '?limit=1001', '?before=x', '?after=1']) {
    await expectProblem(await call(`GET /v1/audit${query}`), 422, 'option-invalid');
  }
});

test('a write whose entry cannot be made does not happen', async () => {
  await env.REGISTRY.prepare(
    "CREATE TRIGGER broken BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'disk full'); END",
  ).run();
  const count = () => env.REGISTRY.prepare('SELECT COUNT(*) AS n FROM keys').first<number>('n');
  const before = await count();
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const response = await call('POST /v1/keys', { json: { name: 'lost', scope: 'device' } });
  log.mockRestore();
  await expectProblem(response, 500, 'internal');
  expect(await count()).toBe(before);
  await env.REGISTRY.prepare('DROP TRIGGER broken').run();
});
