import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { createCascadeCache } from './inference/cascade-cache.ts';
import { scheduled } from './scheduled.ts';
import { bundlePath, call, migrate } from './testing/edge-client.ts';
import { channelPath, release, showChannel, trust, upload } from './testing/releases.ts';
import worker from './worker.ts';

const DAY_MS = 86_400_000;

beforeAll(async () => {
  await migrate();
  await trust();
});

/** Calls the Worker's handler as the platform does. */
async function tick(cron: string, days: number): Promise<void> {
  const scheduledTime = new Date(Date.now() + days * DAY_MS);
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController({ cron, scheduledTime }), env);
  await waitOnExecutionContext(context);
}

test('every minute canaries past their deadline end; every night old bundles go', async () => {
  const [old, good, next] = await Promise.all(
    [1, 2, 3].map((seed) => createTestBundle({ model: 'timed', seed })),
  );
  for (const each of [old, good, next]) await upload(each);
  await release(good);
  await release(next, { fallback: good, canary: { percent: 10 } });
  await tick('* * * * *', 0);
  expect(await showChannel(channelPath(good))).toMatchObject({ state: 'canary' });
  await tick('* * * * *', 2);
  expect(await showChannel(channelPath(good))).toMatchObject({ state: 'rolled-back' });
  await tick('17 3 * * *', 40);
  expect((await call(`GET ${bundlePath(old)}`)).status).toBe(404);
  expect((await call(`GET ${bundlePath(good)}`)).status).toBe(200);
});

test('a cron that nobody planned is a fault, not silence', async () => {
  const controller = createScheduledController({ cron: '1 1 1 1 *' });
  await expect(scheduled(controller, { env, cache: createCascadeCache() })).rejects.toThrow(
    '1 1 1 1 *',
  );
});
