import { env } from 'cloudflare:workers';
import { createTestBundle, type TestBundle, type TestBundleOptions } from '@dandan/shared/testing';
import { MAX_ROWS_PER_REQUEST } from '@dandan/shared/wire';
import { beforeAll, expect, test } from 'vitest';
import { superviseRollouts } from '../rollout/supervise.ts';
import { call, expectProblem, migrate, safetensors, storedCounts } from '../testing/edge-client.ts';
import { floatFile, floatRows } from '../testing/float-rows.ts';
import { createGateway, drawGateways, heartbeat, type TestGateway } from '../testing/gateways.ts';
import { settled } from '../testing/meter.ts';
import { channelPath, release, showChannel, signed, trust, upload } from '../testing/releases.ts';

interface Rollout {
  readonly model: string;
  readonly good: TestBundle;
  readonly next: TestBundle;
  readonly path: string;
  readonly inside: readonly TestGateway[];
  readonly outside: readonly TestGateway[];
}

const PERCENT = 25;
const MINUTE_MS = 60_000;

beforeAll(async () => {
  await migrate();
  await trust();
});

/** A model with a good release 1 and a canary as release 2, and gateways on both sides. */
async function startCanary(
  model: string,
  canary: object = {},
  bundle: TestBundleOptions = {},
): Promise<Rollout> {
  const good = await createTestBundle({ model, seed: 1 });
  const next = await createTestBundle({ model, seed: 2, ...bundle });
  for (const each of [good, next]) await upload(each);
  await release(good);
  const started = await release(next, {
    fallback: good,
    canary: { percent: PERCENT, ...canary },
  });
  expect(started).toMatchObject({ release: 2, state: 'canary' });
  const named = drawGateways({ model, channel: 'stable', release: 2 }, PERCENT, 3);
  const [inside, outside] = await Promise.all(
    [named.inside, named.outside].map((names) => Promise.all(names.map(createGateway))),
  );
  return { model, good, next, path: channelPath(good), inside, outside };
}

const runsNext = ({ model, next }: Rollout, counts: object = {}) => ({
  model,
  release: 2,
  bundle: next.sha256,
  ...counts,
});
const runsGood = ({ model, good }: Rollout) => ({ model, release: 2, bundle: good.sha256 });
const change = (path: string, json: object) => call(`POST ${path}/rollout`, { json });
/** The cron, at a time of the test's choice. */
const supervise = (now = Date.now()) => superviseRollouts({ database: env.REGISTRY, now });

async function auditOf(model: string) {
  const response = await call('GET /v1/audit?limit=1000');
  const { entries } = await response.json<{
    entries: { target: string; action: string; detail: string; key: { name: string } }[];
  }>();
  return entries.filter(({ target }) => target === `${model}/stable`);
}

/** What `gateway` gets from the channel and from a prediction. */
async function servedTo({ model, path, good }: Rollout, { key }: TestGateway) {
  const shown = await showChannel(path, key);
  const rows = safetensors(floatFile(floatRows(good, 1)), { key });
  const answer = await (await call(`POST /v1/models/${model}/predict`, rows)).json<{
    bundle: string;
  }>();
  expect(answer.bundle).toBe(shown?.serve);
  return shown?.serve;
}

test('a canary is served to the devices that its hash draws, for pointers, rows and heartbeats', async () => {
  const rollout = await startCanary('drawn');
  for (const [gateways, bundle] of [
    [rollout.inside, rollout.next.sha256],
    [rollout.outside, rollout.good.sha256],
  ] as const) {
    for (const gateway of gateways) {
      expect(await servedTo(rollout, gateway)).toBe(bundle);
      const { channels } = await heartbeat(gateway, runsGood(rollout));
      expect(channels).toEqual([{ model: 'drawn', channel: 'stable', release: 2, bundle }]);
    }
  }
});

test('a bad bundle on the canary is rolled back by itself, by the first heartbeat that shows it', async () => {
  const rollout = await startCanary('bad');
  const { inside, outside, path, good, next } = rollout;
  for (const gateway of inside) await heartbeat(gateway, runsNext(rollout, { rows: 100 }));
  for (const gateway of outside) await heartbeat(gateway, runsGood(rollout));
  expect(await showChannel(path)).toMatchObject({ state: 'canary' });
  const answer = await heartbeat(inside[0], runsNext(rollout, { rows: 200, errors: 40 }));
  expect(answer.channels[0].bundle).toBe(good.sha256);
  expect(await showChannel(path)).toMatchObject({
    state: 'rolled-back',
    serve: good.sha256,
    bundle: next.sha256,
    reason: '10 % of rows end in an error, 1 % may',
  });
  for (const gateway of inside) expect(await servedTo(rollout, gateway)).toBe(good.sha256);
  expect((await auditOf('bad'))[0]).toMatchObject({
    action: 'rollout-rollback',
    key: { name: 'supervisor' },
  });
});

test('a device that gives the bundle up rolls it back for all', async () => {
  const rollout = await startCanary('given-up');
  await heartbeat(
    rollout.inside[0],
    runsNext(rollout, { state: 'failed', reason: 'shadow run differs' }),
  );
  expect(await showChannel(rollout.path)).toMatchObject({
    state: 'rolled-back',
    reason: expect.stringContaining('shadow run differs'),
  });
});

test('a bundle that breaks its promise on the canary is found out by audits of its own answers', async () => {
  const rollout = await startCanary(
    'found-out',
    {},
    {
      thresholds: [0.4, 0.4],
      certificate: { alpha: 0.01, delta: 0.1, n: 500, disagreements: 1, method: 'fixed-sequence' },
    },
  );
  const { inside, good, next, path } = rollout;
  const { key } = inside[0];
  await heartbeat(inside[0], runsNext(rollout, { rows: 100 }));
  await supervise();
  expect(await showChannel(path)).toMatchObject({ state: 'canary' });
  const requests = 3;
  const rows = floatFile(floatRows(next, MAX_ROWS_PER_REQUEST));
  for (let i = 0; i < requests; i++) {
    const answer = await call('POST /v1/models/found-out/predict', safetensors(rows, { key }));
    expect((await answer.json<{ bundle: string }>()).bundle).toBe(next.sha256);
  }
  await settled('found-out', 'predict', requests * MAX_ROWS_PER_REQUEST);
  await supervise();
  expect(await showChannel(path)).toMatchObject({
    state: 'rolled-back',
    serve: good.sha256,
    reason: expect.stringContaining('the monitor of audits raised an alarm at 20'),
  });
  const { channels } = await heartbeat(inside[0], runsNext(rollout, { rows: 200 }));
  expect(channels[0].bundle).toBe(good.sha256);
});

test('devices that fall silent after the update roll it back, unless the whole plant is silent', async () => {
  const rollout = await startCanary('silent', { silenceMinutes: 10 });
  const { inside, outside, path } = rollout;
  for (const gateway of inside) await heartbeat(gateway, runsNext(rollout));
  for (const gateway of outside) await heartbeat(gateway, runsGood(rollout));
  const later = Date.now() + 11 * MINUTE_MS;
  await supervise(later);
  expect(await showChannel(path)).toMatchObject({ state: 'canary' });
  await env.REGISTRY.prepare('UPDATE device_models SET last_seen = ? WHERE bundle = ?')
    .bind(new Date(later).toISOString(), rollout.good.sha256)
    .run();
  await supervise(later);
  expect(await showChannel(path)).toMatchObject({
    state: 'rolled-back',
    reason: '3 of 3 devices were not heard of for 10 minutes',
  });
});

test.each([
  ['rollback', 'rolled-back', 'nobody had promoted it by the deadline'],
  ['promote', 'promoted', 'nothing spoke against it by the deadline'],
])('at its deadline a healthy canary ends as told: %s', async (atDeadline, state, reason) => {
  const rollout = await startCanary(`deadline-${atDeadline}`, { deadlineMinutes: 60, atDeadline });
  await heartbeat(rollout.inside[0], runsNext(rollout, { rows: 1000 }));
  for (const [minutes, expected] of [
    [59, 'canary'],
    [61, state],
  ] as const) {
    const now = Date.now() + minutes * MINUTE_MS;
    // Heard of lately, as a gateway that is well would be.
    await env.REGISTRY.prepare('UPDATE device_models SET last_seen = ? WHERE model = ?')
      .bind(new Date(now).toISOString(), rollout.model)
      .run();
    await supervise(now);
    expect(await showChannel(rollout.path)).toMatchObject({ state: expected });
  }
  expect(await showChannel(rollout.path)).toMatchObject({ state, reason });
});

test('a canary that no device has taken up is rolled back at its deadline, without any cron', async () => {
  const rollout = await startCanary('untried', { deadlineMinutes: 60, atDeadline: 'promote' });
  const past = new Date(Date.now() - 1000).toISOString();
  await env.REGISTRY.prepare('UPDATE rollouts SET deadline = ? WHERE model = ? AND release = 2')
    .bind(past, 'untried')
    .run();
  expect(await servedTo(rollout, rollout.inside[0])).toBe(rollout.good.sha256);
  expect(await showChannel(rollout.path)).toMatchObject({
    state: 'rolled-back',
    reason: 'at the deadline 0 devices had run it, 1 must',
  });
});

test('a person may widen, promote and roll back, and what is rolled back stays so', async () => {
  const { path, next, good } = await startCanary('by-hand');
  const all = await change(path, { release: 2, action: 'widen', percent: 99 });
  expect(await all.json()).toMatchObject({ state: 'canary', percent: 99 });
  const promoted = await change(path, { release: 2, action: 'promote', reason: 'looks well' });
  expect(await promoted.json()).toMatchObject({
    state: 'promoted',
    serve: next.sha256,
    reason: 'looks well',
  });
  for (const action of ['promote', 'widen'] as const) {
    const json = { release: 2, action, ...(action === 'widen' && { percent: 50 }) };
    await expectProblem(await change(path, json), 409, 'rollout-over');
  }
  const back = await change(path, { release: 2, action: 'rollback' });
  expect(await back.json()).toMatchObject({ state: 'rolled-back', serve: good.sha256 });
  for (const action of ['promote', 'rollback']) {
    const problem = await expectProblem(
      await change(path, { release: 2, action }),
      409,
      'rollout-over',
    );
    expect(problem.allowed).toBe('a new release');
  }
  expect((await auditOf('by-hand')).map(({ action }) => action)).toEqual([
    'rollout-rollback',
    'rollout-promote',
    'rollout-widen',
    'release-publish',
    'release-publish',
  ]);
  // The same bundle may be tried again, as a release of its own on top of the good one.
  expect(await release(next, { fallback: good, canary: { percent: 5 } })).toMatchObject({
    release: 3,
    state: 'canary',
  });
});

test('a release that follows a canary ends it, and falls back to the good bundle', async () => {
  const rollout = await startCanary('overtaken');
  const { model, good, path } = rollout;
  const third = await createTestBundle({ model, seed: 3 });
  await upload(third);
  expect(await release(third, { fallback: good })).toMatchObject({ release: 3, state: 'promoted' });
  const { releases } = await (await call(`GET ${path}/releases`)).json<{ releases: object[] }>();
  expect(releases).toMatchObject([
    { release: 3, state: 'promoted' },
    { release: 2, state: 'superseded', reason: 'release 3 followed' },
    { release: 1, state: 'promoted' },
  ]);
  const problem = await expectProblem(
    await change(path, { release: 2, action: 'promote' }),
    409,
    'release-conflict',
  );
  expect(problem).toMatchObject({ field: 'release', value: 2 });
  // A late heartbeat of the canary changes nothing any more.
  await heartbeat(rollout.inside[0], runsNext(rollout, { rows: 100, errors: 100 }));
  expect(await showChannel(path)).toMatchObject({ release: 3, state: 'promoted' });
});

test('two people at once: one is first, and both see the same end', async () => {
  const { path } = await startCanary('both');
  const answers = await Promise.all(
    (['promote', 'rollback', 'rollback', 'promote'] as const).map((action) =>
      change(path, { release: 2, action }),
    ),
  );
  const states = answers.map(({ status }) => status);
  expect(states.filter((status) => status === 200).length).toBeGreaterThan(0);
  expect(states.every((status) => [200, 409].includes(status))).toBe(true);
  // A promoted release may still be rolled back, so rollback has the last word.
  expect(await showChannel(path)).toMatchObject({ state: 'rolled-back' });
});

test('the first release of a channel cannot be a canary, nor be rolled back', async () => {
  const only = await createTestBundle({ model: 'only', seed: 1 });
  await upload(only);
  const json = { pointer: await signed(only), canary: { percent: 10 } };
  const problem = await expectProblem(
    await call(`POST ${channelPath(only)}`, { json }),
    422,
    'option-invalid',
  );
  expect(problem.field).toBe('canary');
  await release(only);
  const refused = await change(channelPath(only), { release: 1, action: 'rollback' });
  expect((await expectProblem(refused, 409, 'rollout-over')).detail).toContain('no bundle before');
});

test.each([
  [{ release: 2, action: 'stop' }, 'action'],
  [{ release: 2 }, 'action'],
  [{ action: 'promote' }, 'release'],
  [{ release: 2, action: 'widen' }, 'percent'],
  [{ release: 2, action: 'widen', percent: 100 }, 'percent'],
  [{ release: 2, action: 'promote', percent: 50 }, 'percent'],
  [{ release: 2, action: 'rollback', reason: 'a\nb' }, 'reason'],
  [{ release: 2, action: 'rollback', bundle: 'x' }, 'body'],
])('POST …/rollout refuses %j, naming %s', async (json, field) => {
  const before = await storedCounts();
  const response = await change('/v1/models/drawn/channels/stable', json);
  expect((await expectProblem(response, 422, 'option-invalid')).field).toBe(field);
  expect(await storedCounts()).toEqual(before);
});

test.each([
  [{ percent: 0 }, 'canary.percent'],
  [{ percent: 100 }, 'canary.percent'],
  [{}, 'canary.percent'],
  [{ percent: 5, deadlineMinutes: 1 }, 'canary.deadlineMinutes'],
  [{ percent: 5, deadlineMinutes: 1e9 }, 'canary.deadlineMinutes'],
  [{ percent: 5, maxErrorRate: 2 }, 'canary.maxErrorRate'],
  [{ percent: 5, forever: true }, 'canary'],
])('a canary of %j is refused, naming %s', async (canary, field) => {
  const bundle = await createTestBundle({ model: 'drawn', seed: 2 });
  const json = { pointer: await signed(bundle), canary };
  const response = await call('POST /v1/models/drawn/channels/stable', { json });
  expect((await expectProblem(response, 422, 'option-invalid')).field).toBe(field);
});
