// What one isolate changes and another has kept: two apps on one database stand for two isolates.
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { createCallerCache } from '../auth/caller-cache.ts';
import { createReleaseCache } from '../registry/release-cache.ts';
import {
  bundlePath,
  call,
  createKey,
  migrate,
  OPERATOR_KEY,
  safetensors,
} from '../testing/edge-client.ts';
import { publish, signed } from '../testing/releases.ts';
import { KEPT_MS } from './brief-cache.ts';

beforeAll(migrate);

/** An isolate whose clock is in the test's hands. */
function isolate() {
  let time = 1_000_000;
  const now = () => time;
  const app = createApp({
    callers: createCallerCache({ now }),
    releases: createReleaseCache({ now }),
  });
  return {
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    async ask(method: string, path: string, key: string, json?: unknown) {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const body = json === undefined ? {} : { body: JSON.stringify(json) };
      const context = createExecutionContext();
      return app.request(path, { method, headers, ...body }, env, context);
    },
  };
}

test('a key revoked elsewhere works on for the few seconds that it is kept, and no longer', async () => {
  const [here, there] = [isolate(), isolate()];
  const { key, id } = await createKey('predict');
  expect((await here.ask('GET', '/v1/models', key)).status).toBe(200);
  expect((await there.ask('DELETE', `/v1/keys/${id}`, OPERATOR_KEY)).status).toBe(204);
  expect((await there.ask('GET', '/v1/models', key)).status, 'where it was revoked').toBe(401);
  here.pass(KEPT_MS - 1);
  expect((await here.ask('GET', '/v1/models', key)).status).toBe(200);
  here.pass(1);
  expect((await here.ask('GET', '/v1/models', key)).status).toBe(401);
});

test('a key made elsewhere works at once, also where it was refused before', async () => {
  const [here, there] = [isolate(), isolate()];
  const made = await there.ask('POST', '/v1/keys', OPERATOR_KEY, { name: 'n', scope: 'predict' });
  const { key } = await made.json<{ key: string }>();
  expect((await here.ask('GET', '/v1/models', `${key}x`)).status).toBe(401);
  expect((await here.ask('GET', '/v1/models', key)).status).toBe(200);
});

test('a release published elsewhere counts after the few seconds, and where it was published at once', async () => {
  const [here, there] = [isolate(), isolate()];
  const first = await createTestBundle({ model: 'isolates', seed: 1 });
  const second = await createTestBundle({ model: 'isolates', seed: 2 });
  await publish(first);
  expect((await call(`PUT ${bundlePath(second)}`, safetensors(second.bytes))).status).toBe(201);
  const rows = [Array(first.bundle.input.width).fill(0)];
  const answeredBy = async (app: ReturnType<typeof isolate>) => {
    const path = '/v1/models/isolates/predict';
    const answer = await app.ask('POST', path, OPERATOR_KEY, { rows });
    return (await answer.json<{ bundle: string }>()).bundle;
  };
  expect([await answeredBy(here), await answeredBy(there)]).toEqual([first.sha256, first.sha256]);
  const path = '/v1/models/isolates/channels/stable';
  const release = { pointer: await signed(second, { fallback: first }) };
  expect((await there.ask('POST', path, OPERATOR_KEY, release)).status).toBe(201);
  expect(await answeredBy(there)).toBe(second.sha256);
  here.pass(KEPT_MS - 1);
  expect(await answeredBy(here)).toBe(first.sha256);
  const shown = await here.ask('GET', path, OPERATOR_KEY);
  expect((await shown.json<{ bundle: string }>()).bundle, 'a question about it').toBe(
    second.sha256,
  );
  here.pass(1);
  expect(await answeredBy(here)).toBe(second.sha256);
});
