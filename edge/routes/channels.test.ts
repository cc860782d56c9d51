import { env } from 'cloudflare:workers';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import {
  bundlePath,
  call,
  createKey,
  expectProblem,
  migrate,
  safetensors,
  storedCounts,
} from '../testing/edge-client.ts';

const a = await createTestBundle({ model: 'press', seed: 1 });
const b = await createTestBundle({ model: 'press', seed: 2 });
const other = await createTestBundle({ model: 'lathe', seed: 3 });
const STABLE = '/v1/models/press/channels/stable';
let device = '';

beforeAll(async () => {
  await migrate();
  device = (await createKey('device')).key;
  for (const test of [a, b, other]) {
    const put = await call(`PUT ${bundlePath(test)}`, safetensors(test.bytes));
    expect(put.status).toBe(201);
  }
});

test('a promotion, a second one and a rollback are releases 1, 2 and 3', async () => {
  for (const [index, { sha256 }] of [a, b, a].entries()) {
    const posted = await call(`POST ${STABLE}`, { json: { bundle: sha256 } });
    expect(posted.status).toBe(201);
    const release = await posted.json();
    expect(release).toMatchObject({
      model: 'press',
      channel: 'stable',
      release: index + 1,
      bundle: sha256,
    });
    const shown = await call(`GET ${STABLE}`, { key: device });
    expect([shown.status, await shown.json()]).toEqual([200, release]);
  }
  const canary = await call('POST /v1/models/press/channels/canary', {
    json: { bundle: b.sha256 },
  });
  expect(await canary.json()).toMatchObject({ channel: 'canary', release: 1 });
});

test('promotions at once get different numbers', async () => {
  const path = 'POST /v1/models/press/channels/busy';
  const posts = Array.from({ length: 5 }, () => call(path, { json: { bundle: a.sha256 } }));
  const releases = await Promise.all(
    (await Promise.all(posts)).map((response) => response.json<{ release: number }>()),
  );
  expect(releases.map(({ release }) => release).sort()).toEqual([1, 2, 3, 4, 5]);
});

test('releases cannot be changed or removed, even by the database', async () => {
  for (const statement of ['UPDATE releases SET release = 9', 'DELETE FROM releases']) {
    await expect(env.REGISTRY.prepare(statement).run()).rejects.toThrow('append-only');
  }
  await expect(
    env.REGISTRY.prepare("INSERT INTO releases VALUES ('press', 'x', 1, ?, 'now')")
      .bind(other.sha256)
      .run(),
  ).rejects.toThrow('FOREIGN KEY');
});

test('listings show bundles newest first and the current release of each channel', async () => {
  const shown = await (await call('GET /v1/models/press', { key: device })).json<{
    bundles: { sha256: string }[];
    channels: { channel: string; release: number; bundle: string }[];
  }>();
  expect(shown.bundles.map(({ sha256 }) => sha256).sort()).toEqual([a.sha256, b.sha256].sort());
  expect(shown.channels).toMatchObject([
    { channel: 'busy', release: 5, bundle: a.sha256 },
    { channel: 'canary', release: 1, bundle: b.sha256 },
    { channel: 'stable', release: 3, bundle: a.sha256 },
  ]);
  const listed = await (await call('GET /v1/models', { key: device })).json();
  expect(listed).toEqual({
    models: [
      { model: 'lathe', bundles: 1, channels: [] },
      { model: 'press', bundles: 2, channels: shown.channels },
    ],
  });
});

test.each([
  [{ bundle: other.sha256 }, 404, 'bundle-unknown', 'bundle'],
  [{ bundle: '0'.repeat(64) }, 404, 'bundle-unknown', 'bundle'],
  [{ bundle: 'abc' }, 422, 'option-invalid', 'bundle'],
  [{ bundle: a.sha256.toUpperCase() }, 422, 'option-invalid', 'bundle'],
  [{}, 422, 'option-invalid', 'bundle'],
  [{ bundle: a.sha256, release: 7 }, 422, 'option-invalid', 'body'],
])('POST refuses %j as %i %s', async (json, status, code, field) => {
  const before = await storedCounts();
  const problem = await expectProblem(await call(`POST ${STABLE}`, { json }), status, code);
  expect(problem.field).toBe(field);
  expect(await storedCounts()).toEqual(before);
});

test('unknown models and channels are told apart', async () => {
  await expectProblem(await call('GET /v1/models/none'), 404, 'model-unknown');
  const channel = await call('GET /v1/models/lathe/channels/stable');
  expect((await expectProblem(channel, 404, 'channel-unknown')).value).toBe('stable');
  await expectProblem(await call('GET /v1/models/none/channels/stable'), 404, 'model-unknown');
  await expectProblem(await call('GET /v1/models/press/channels/No!'), 422, 'option-invalid');
});
