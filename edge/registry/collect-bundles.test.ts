import { env } from 'cloudflare:workers';
import { createTestBundle, type TestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { SUPERVISOR } from '../rollout/supervise.ts';
import { bundlePath, call, expectProblem, migrate } from '../testing/edge-client.ts';
import { channelPath, release, signed, trust, upload } from '../testing/releases.ts';
import { collectBundles, KEEP_DAYS } from './collect-bundles.ts';

const DAY_MS = 86_400_000;

beforeAll(async () => {
  await migrate();
  await trust();
});

const collect = (days: number) =>
  collectBundles({
    database: env.REGISTRY,
    bucket: env.BUNDLES,
    caller: SUPERVISOR,
    now: Date.now() + days * DAY_MS,
  });

const isThere = async (test: TestBundle) => (await call(`GET ${bundlePath(test)}`)).status === 200;
const hasFile = async ({ sha256 }: TestBundle) =>
  (await env.BUNDLES.head(`bundles/${sha256}.safetensors`)) !== null;

async function bundles(model: string, count: number): Promise<TestBundle[]> {
  const made = await Promise.all(
    Array.from({ length: count }, (_, seed) => createTestBundle({ model, seed })),
  );
  for (const each of made) await upload(each);
  return made;
}

test('what is old and not pinned goes: first it is not found, a day later its file is gone', async () => {
  const [old, good, next, spare] = await bundles('collected', 4);
  await release(old);
  await release(good, { fallback: old });
  await release(next, { fallback: good, canary: { percent: 10 } });
  await collect(KEEP_DAYS - 1);
  expect(await Promise.all([old, good, next, spare].map(isThere))).toEqual(Array(4).fill(true));
  await collect(KEEP_DAYS + 1);
  const left = [false, true, true, false];
  expect(await Promise.all([old, good, next, spare].map(isThere))).toEqual(left);
  expect(await hasFile(old)).toBe(true);
  await collect(KEEP_DAYS + 3);
  expect(await Promise.all([old, good, next, spare].map(hasFile))).toEqual(left);
});

test('the last known good bundle stays, also after a rollback and in any channel', async () => {
  const [first, second, third] = await bundles('pinned', 3);
  await release(first);
  await release(second, { fallback: first });
  const json = { release: 2, action: 'rollback' };
  expect((await call(`POST ${channelPath(first)}/rollout`, { json })).status).toBe(200);
  await release(third, { channel: 'beta' });
  await collect(10 * KEEP_DAYS);
  for (const each of [first, second, third]) {
    expect(await isThere(each)).toBe(true);
    await expectProblem(await call(`DELETE ${bundlePath(each)}`), 409, 'bundle-pinned');
  }
});

test('an operator may remove what nothing needs, and an upload brings it back', async () => {
  const [spare] = await bundles('spare', 1);
  expect((await call(`DELETE ${bundlePath(spare)}`)).status).toBe(204);
  await expectProblem(await call(`DELETE ${bundlePath(spare)}`), 404, 'bundle-unknown');
  const answer = await call('GET /v1/models/spare');
  await expectProblem(answer, 404, 'model-unknown');
  await upload(spare);
  expect(await isThere(spare)).toBe(true);
  await release(spare);
  await collect(2);
  expect(await hasFile(spare)).toBe(true);
});

test('a release can neither name nor fall back to a bundle that is let go', async () => {
  const [gone, kept] = await bundles('gone', 2);
  await release(kept);
  expect((await call(`DELETE ${bundlePath(gone)}`)).status).toBe(204);
  const json = { pointer: await signed(gone, { fallback: kept }) };
  const response = await call(`POST ${channelPath(gone)}`, { json });
  await expectProblem(response, 404, 'bundle-unknown');
});
