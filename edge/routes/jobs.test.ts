import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test, vi } from 'vitest';
import { createCascadeCache } from '../inference/cascade-cache.ts';
import { runNightly } from '../jobs/run-nightly.ts';
import { createBatchQueue } from '../jobs/testing/batch-queue.ts';
import {
  bothResults,
  createHarness,
  type JobDetail,
  showJob,
} from '../jobs/testing/job-harness.ts';
import { call, createKey, expectProblem, migrate, storedCounts } from '../testing/edge-client.ts';
import { floatFile, floatRows } from '../testing/float-rows.ts';
import { settled } from '../testing/meter.ts';
import { publish, release, upload as uploadBundle } from '../testing/releases.ts';
import worker from '../worker.ts';

const made = await createTestBundle({ model: 'nightly', seed: 5, width: 6 });
const other = await createTestBundle({ model: 'nightly', seed: 9, width: 6 });
const rows = floatRows(made, 3000);

beforeAll(async () => {
  await migrate();
  await publish(made);
});

function upload(name: string, body: Uint8Array<ArrayBuffer> = floatFile(rows), headers = {}) {
  const length = { 'content-length': String(body.byteLength), ...headers };
  return call(`PUT /v1/job-inputs/${encodeURIComponent(name)}`, { body, headers: length });
}

async function start(json: object, headers = {}): Promise<JobDetail> {
  const response = await call('POST /v1/jobs', { json, headers });
  expect(response.status, await response.clone().text()).toBe(201);
  return response.json();
}

/** Polls: the real queue delivers. */
const ended = (id: string) =>
  vi.waitFor(
    async () => {
      const job = await showJob(id);
      expect(job.ended).not.toBeNull();
      return job;
    },
    { timeout: 20_000, interval: 50 },
  );

test('a job from upload to download, delivered by the real queue', async () => {
  const stored = await upload('first/a.safetensors');
  expect(stored.status).toBe(201);
  expect(await stored.json()).toMatchObject({
    name: 'first/a.safetensors',
    bytes: floatFile(rows).byteLength,
  });
  const started = await start({ model: 'nightly', input: 'first/' });
  expect(started).toMatchObject({
    state: 'planning',
    bundle: made.sha256,
    policy: 'night',
    profile: 'free',
    results: [],
  });
  const job = await ended(started.id);
  expect(job).toMatchObject({
    state: 'finished',
    progress: { planned: true, files: 1, rows: 3000, rowsDone: 3000, chunksFailed: 0 },
    summary: { rows: 3000, answered: 3000 },
    results: ['results.csv', 'results.parquet', 'summary.json'],
    failures: [],
    error: null,
  });
  await settled('nightly', 'batch', 3000);
  const { price, operations } = job;
  expect(price.total).toBeCloseTo(
    price.requests + price.cpu + price.queues + price.r2 + price.d1,
    9,
  );
  expect(price.perMillionRows).toBeCloseTo((price.total * 1e6) / 3000, 6);
  expect(operations.queueOperations).toBe(3 * operations.invocations);
  const { csv, parquet } = await bothResults(job.id);
  expect(csv).toHaveLength(3000);
  expect(parquet).toEqual(csv);
  const summary = await call(`GET /v1/jobs/${job.id}/results/summary.json`);
  expect(await summary.json()).toMatchObject({
    job: job.id,
    ...job.summary,
    price: { total: expect.any(Number) },
  });
  const slices = await env.BATCH.list({ prefix: `jobs/${job.id}/` });
  expect(slices.objects.map(({ key }) => key.split('/').at(-1)).sort()).toEqual(
    [...job.results].sort(),
  );
  const listed = await (await call('GET /v1/jobs')).json<{ jobs: JobDetail[] }>();
  expect(listed.jobs[0]).toMatchObject({ id: job.id, state: 'finished' });
});

test('results are read by ranges, and not again where the caller has them', async () => {
  await upload('ranges.safetensors');
  const { id } = await start({ model: 'nightly', input: 'ranges.safetensors' });
  await ended(id);
  const path = `GET /v1/jobs/${id}/results/results.csv`;
  const whole = await call(path);
  expect(whole.headers.get('content-type')).toContain('text/csv');
  const text = await whole.text();
  const part = await call(path, { headers: { range: 'bytes=4-20' } });
  expect([part.status, await part.text()]).toEqual([206, text.slice(4, 21)]);
  const etag = whole.headers.get('etag') ?? '';
  expect((await call(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  await expectProblem(
    await call(path, { headers: { range: 'bytes=99999999-' } }),
    416,
    'range-not-satisfiable',
  );
});

test('an idempotency key stands for one job of one caller', async () => {
  await upload('key.safetensors');
  const json = { model: 'nightly', input: 'key.safetensors' };
  const headers = { 'idempotency-key': 'night-1' };
  const first = await start(json, headers);
  const again = await call('POST /v1/jobs', { json, headers });
  expect(again.status).toBe(200);
  expect((await again.json<JobDetail>()).id).toBe(first.id);
  const changed = await call('POST /v1/jobs', { json: { ...json, maxStage: 2 }, headers });
  await expectProblem(changed, 409, 'idempotency-key-reused');
  const { key } = await createKey('operator');
  const theirs = await call('POST /v1/jobs', { json, headers, key });
  expect(theirs.status).toBe(201);
  expect((await theirs.json<JobDetail>()).id).not.toBe(first.id);
  const both = await Promise.all(
    [1, 2].map(() => call('POST /v1/jobs', { json, headers: { 'idempotency-key': 'race' } })),
  );
  const [a, b] = await Promise.all(both.map((each) => each.json<JobDetail>()));
  expect(a.id).toBe(b.id);
  await Promise.all([first.id, a.id].map(ended));
});

test('a promotion meanwhile does not change the bundle of a job', async () => {
  await upload('promoted.safetensors');
  const job = await start({ model: 'nightly', input: 'promoted.safetensors' });
  await uploadBundle(other);
  await release(other, { fallback: made });
  const done = await ended(job.id);
  expect(done.bundle).toBe(made.sha256);
  const pinned = await start({
    model: 'nightly',
    input: 'promoted.safetensors',
    bundle: made.sha256,
  });
  await ended(pinned.id);
  expect(await bothResults(pinned.id)).toEqual(await bothResults(job.id));
  await release(made, { fallback: other });
});

test('while a release is a canary, the night is answered by the bundle before it', async () => {
  const next = await createTestBundle({ model: 'nightly', seed: 77 });
  await uploadBundle(next);
  await release(next, { fallback: made, canary: { percent: 99 } });
  await upload('canary.safetensors');
  const job = await start({ model: 'nightly', input: 'canary.safetensors' });
  expect((await ended(job.id)).bundle).toBe(made.sha256);
  await release(made, { fallback: made });
});

test('a cancelled job ends at once, leaves nothing and stays ended', async () => {
  await upload('cancel.safetensors', floatFile(floatRows(made, 20_000)));
  const { id } = await start({ model: 'nightly', input: 'cancel.safetensors' });
  const cancelled = await call(`POST /v1/jobs/${id}/cancel`);
  expect(await cancelled.json()).toMatchObject({ state: 'cancelled', results: [] });
  await vi.waitFor(async () => {
    expect((await env.BATCH.list({ prefix: `jobs/${id}/` })).objects).toEqual([]);
  });
  await expectProblem(await call(`POST /v1/jobs/${id}/cancel`), 409, 'job-ended');
  await expectProblem(await call(`POST /v1/jobs/${id}/resume`), 409, 'job-ended');
  await expectProblem(
    await call(`GET /v1/jobs/${id}/results/results.csv`),
    404,
    'job-result-unknown',
  );
});

test('jobs, inputs and schedules are in the audit log', async () => {
  const { entries } = await (await call('GET /v1/audit?limit=1000')).json<{
    entries: { action: string; target: string }[];
  }>();
  const actions = entries.map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['job-input-upload', 'job-create', 'job-cancel']));
});

test.each([
  [{}, 'model', 422, 'option-invalid'],
  [{ model: 'nightly' }, 'input', 422, 'option-invalid'],
  [{ model: 'nightly', input: 'a b' }, 'input', 422, 'option-invalid'],
  [{ model: 'nightly', input: 'a', profile: 'gold' }, 'profile', 422, 'option-invalid'],
  [{ model: 'nightly', input: 'a', results: [] }, 'results', 422, 'option-invalid'],
  [{ model: 'nightly', input: 'a', maxStage: 9 }, 'maxStage', 422, 'stage-out-of-range'],
  [{ model: 'nightly', input: 'a', channel: 'none' }, 'channel', 404, 'channel-unknown'],
  [{ model: 'nobody', input: 'a' }, 'model', 404, 'model-unknown'],
  [{ model: 'nightly', input: 'a', bundle: '0'.repeat(64) }, 'bundle', 404, 'bundle-unknown'],
])('POST /v1/jobs refuses %j, naming %s', async (json, field, status, code) => {
  const before = await storedCounts();
  const problem = await expectProblem(await call('POST /v1/jobs', { json }), status, code);
  expect(problem.field).toBe(field);
  expect(await storedCounts()).toEqual(before);
});

test('unknown jobs, results and inputs are 404', async () => {
  await expectProblem(await call('GET /v1/jobs/none'), 404, 'job-unknown');
  await expectProblem(await call('POST /v1/jobs/none/cancel'), 404, 'job-unknown');
  await expectProblem(await call('GET /v1/jobs/none/results/results.csv'), 404, 'job-unknown');
  await expectProblem(await call('GET /v1/jobs/none/results/passwords'), 422, 'option-invalid');
  await expectProblem(await call('DELETE /v1/job-inputs/none'), 404, 'job-input-unknown');
  await expectProblem(await call('DELETE /v1/job-schedules/none'), 404, 'job-schedule-unknown');
});

test('an upload is bounded by the length it declares, and refused without one', async () => {
  const body = new Uint8Array(100);
  const refused = (headers: object) => upload('bounded.csv', body, headers);
  await expectProblem(await refused({ 'content-length': '100000001' }), 413, 'body-too-large');
  await expectProblem(await refused({ 'content-encoding': 'gzip' }), 415, 'encoding-unsupported');
  await expectProblem(await refused({ 'content-length': 'many' }), 411, 'length-required');
  await expectProblem(await refused({ 'content-length': '99' }), 400, 'body-malformed');
  await expectProblem(await refused({ 'content-length': '101' }), 400, 'body-malformed');
  expect(await env.BATCH.head('inputs/bounded.csv')).toBeNull();
  for (const name of ['..%20', 'a//b', '/a', 'a/', 'a%0Ab']) {
    const response = await call(`PUT /v1/job-inputs/${name.replaceAll('/', '%2F')}`, {
      body,
      headers: { 'content-length': '100' },
    });
    await expectProblem(response, 422, 'option-invalid');
  }
});

test('inputs are listed in the order of their names, and deleted', async () => {
  for (const name of ['list/b.csv', 'list/a.csv']) await upload(name, new Uint8Array(3));
  const page = await (await call('GET /v1/job-inputs?prefix=list/')).json<{
    inputs: { name: string }[];
    after: null;
  }>();
  expect(page.inputs.map(({ name }) => name)).toEqual(['list/a.csv', 'list/b.csv']);
  expect((await call('DELETE /v1/job-inputs/list%2Fa.csv')).status).toBe(204);
  const rest = await (await call('GET /v1/job-inputs?prefix=list/&after=list/a.csv')).json<
    typeof page
  >();
  expect(rest.inputs.map(({ name }) => name)).toEqual(['list/b.csv']);
});

test('a schedule makes one job a day, from its hour on, however often the trigger fires', async () => {
  await upload('2026-12-01/rows.safetensors');
  const job = { model: 'nightly', input: '{date}/' };
  const put = await call('PUT /v1/job-schedules/line-3', { json: { hour: 2, job } });
  expect(await put.json()).toMatchObject({ name: 'line-3', hour: 2, last: null, error: null });
  const queue = createBatchQueue();
  const at = (time: string) =>
    runNightly({
      env: { ...env, JOBS: queue.queue },
      cache: createCascadeCache(),
      now: () => Date.parse(time),
    });
  const schedules = async () =>
    (
      await (
        await call('GET /v1/job-schedules')
      ).json<{ schedules: { last: string; error: string }[] }>()
    ).schedules;
  await at('2026-12-01T01:55:00Z');
  expect(queue.messages).toEqual([]);
  await at('2026-12-01T04:00:00Z');
  expect(await schedules()).toMatchObject([{ last: '2026-12-01', error: null }]);
  expect(await showJob('line-3-2026-12-01')).toMatchObject({
    state: 'planning',
    input: '2026-12-01/',
  });
  await Promise.all([at('2026-12-01T04:05:00Z'), at('2026-12-01T04:05:00Z')]);
  expect(queue.messages.filter((message) => 'step' in message && message.step === 0)).toHaveLength(
    1,
  );
  const resumed = await call('POST /v1/jobs/line-3-2026-12-01/resume');
  expect(resumed.status).toBe(200);
  expect(await ended('line-3-2026-12-01')).toMatchObject({ state: 'finished' });
  await call('PUT /v1/job-schedules/line-3', {
    json: { hour: 2, job: { ...job, channel: 'none' } },
  });
  await at('2026-12-02T02:00:00Z');
  expect(await schedules()).toMatchObject([
    { last: '2026-12-01', error: expect.stringContaining('channel-unknown') },
  ]);
  expect((await call('DELETE /v1/job-schedules/line-3')).status).toBe(204);
});

test('the cron trigger sets a job going that fell silent, through the real queue', async () => {
  await upload('silent.safetensors');
  const { start: begin, context } = createHarness();
  const id = await begin(
    { model: 'nightly', input: 'silent.safetensors' },
    { ...context, now: () => 0 },
  );
  // Its first message went to a queue that nobody reads.
  expect(await showJob(id)).toMatchObject({ state: 'planning' });
  const controller = createScheduledController({ cron: '*/5 * * * *', scheduledTime: new Date() });
  await worker.scheduled(controller, env);
  expect(await ended(id)).toMatchObject({ state: 'finished', progress: { rowsDone: 3000 } });
});
