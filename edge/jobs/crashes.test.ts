import { env } from 'cloudflare:workers';
import { createRandom } from '@dandan/shared/random';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { createCascadeCache } from '../inference/cascade-cache.ts';
import { call, migrate } from '../testing/edge-client.ts';
import { floatFile, floatRows } from '../testing/float-rows.ts';
import { publish } from '../testing/releases.ts';
import { handleMessage } from './handle-message.ts';
import type { JobContext } from './job-context.ts';
import { sendMessages } from './job-message.ts';
import { createJobStore } from './store/job-store.ts';
import { restartMessages, sweepJobs } from './sweep.ts';
import { createBatchQueue } from './testing/batch-queue.ts';
import { Crash, crashing } from './testing/crashing.ts';
import {
  type AnyRequest,
  createHarness,
  csvResult,
  putInput,
  resultBytes,
  showJob,
} from './testing/job-harness.ts';

const made = await createTestBundle({ model: 'crashing', seed: 5, width: 6 });
const rows = floatRows(made, 2000);
const REQUEST = { model: 'crashing', input: 'rows/' } as const;
/** Crashes that are tried together. */
const AT_ONCE = 12;

const CALLER = { id: 'test', name: 'test', scope: 'operator' } as const;

beforeAll(async () => {
  await migrate();
  await publish(made);
  await putInput('rows/a.safetensors', floatFile(rows));
  await putInput('rows/b.csv', 'x0,x1,x2,x3,x4,x5,id\r\n1,2,3,4,5,6,"last, one"\r\n');
});

const hex = async (id: string, file: string) => {
  const digest = await crypto.subtle.digest('SHA-256', await resultBytes(id, file));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

async function outcome(id: string) {
  const { state, progress, summary } = await showJob(id);
  const files = { csv: await hex(id, 'results.csv'), parquet: await hex(id, 'results.parquet') };
  return { state, progress, summary, files };
}

const { run } = createHarness();
let expected: Awaited<ReturnType<typeof outcome>>;

beforeAll(async () => {
  const { id } = await run(REQUEST);
  expected = await outcome(id);
  expect(expected).toMatchObject({ state: 'finished', progress: { rows: 2001, rowsDone: 2001 } });
  expect(expected.progress.chunks).toBeGreaterThan(2);
});

/** Runs a job in a process that dies, then resumes it in another. */
async function runThroughCrash(
  options: { readonly at: number; readonly after: boolean },
  request: AnyRequest = REQUEST,
) {
  const { start } = createHarness();
  const queue = createBatchQueue();
  const { env: mortal, calls } = crashing({ ...env, JOBS: queue.queue }, options);
  const id = await start(request);
  const context: JobContext = { env: mortal, cache: createCascadeCache() };
  let crashed = false;
  try {
    await handleMessage(context, { job: id, step: 0 });
    await queue.drain(context);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    crashed = true;
  }
  const next = createHarness();
  if (crashed) {
    const store = createJobStore(env.REGISTRY);
    // What the queue held is lost; the route that resumes sends this.
    const resumed = await store.resume(id, CALLER, new Date());
    const job = await store.find(id);
    if (resumed && job) await sendMessages(next.queue.queue, restartMessages(job));
    await next.queue.drain(next.context);
  }
  return { id, calls, crashed };
}

test('a job that crashes at any call of the platform gives the same files', async () => {
  const { calls, id } = await runThroughCrash({ at: Number.POSITIVE_INFINITY, after: false });
  expect(await outcome(id)).toEqual(expected);
  expect(calls.length).toBeGreaterThan(40);
  // Between two calls nothing leaves the process: dying before one is dying after the one before.
  const points = [{ at: 1, after: false }, ...calls.map((_, i) => ({ at: i + 1, after: true }))];
  // Jobs of their own, which meet only in D1 and R2.
  for (let begin = 0; begin < points.length; begin += AT_ONCE) {
    const broken = points.slice(begin, begin + AT_ONCE).map(async (point) => {
      const { id: other, crashed } = await runThroughCrash(point);
      const where = `call ${point.at} (${calls[point.at - 1]})`;
      expect(crashed, where).toBe(true);
      expect(await outcome(other), where).toEqual(expected);
    });
    await Promise.all(broken);
  }
}, 120_000);

test('results of several parts are whole, wherever their upload is cut', async () => {
  const count = 22_000;
  const long = 'x'.repeat(240);
  const lines = Array.from({ length: count }, (_, i) => `${i},2,3,4,5,6,${long}${i}`);
  await putInput('parts.csv', ['x0,x1,x2,x3,x4,x5,id', ...lines].join('\n'));
  const request = { model: 'crashing', input: 'parts.csv', profile: 'paid' } as const;
  const free = { ...request, profile: 'free' } as const;
  const { calls, id } = await runThroughCrash({ at: Number.POSITIVE_INFINITY, after: false }, free);
  const parts = calls.filter((name) => name === 'uploadPart');
  expect(parts, 'two of each result').toHaveLength(4);
  const whole = await outcome(id);
  const read = await csvResult(id);
  expect(read.map((row) => row.id)).toEqual(lines.map((_, i) => `${long}${i}`));
  expect(await outcome((await run(request)).id)).toMatchObject({ files: { csv: whole.files.csv } });
  // The calls that change something, from the beginning of the first result's upload to the step
  // after its end; the other result's are alike.
  const changing = ['createMultipartUpload', 'uploadPart', 'complete', 'batch'];
  const first = calls.indexOf('createMultipartUpload');
  const last = calls.indexOf('complete') + 1;
  const points = calls.flatMap((name, i) =>
    i >= first && i <= last && changing.includes(name) ? [i + 1] : [],
  );
  expect(points.length).toBeGreaterThan(4);
  for (const at of points) {
    const broken = await runThroughCrash({ at, after: true }, free);
    const where = `call ${at} (${calls[at - 1]})`;
    expect(broken.crashed, where).toBe(true);
    expect(await outcome(broken.id), where).toEqual(whole);
  }
}, 120_000);

test('messages delivered twice, at once and in any order change nothing', async () => {
  const random = createRandom(3);
  for (let round = 0; round < 5; round++) {
    const { queue, context, start } = createHarness();
    const id = await start(REQUEST);
    const { messages } = queue;
    while (messages.length > 0) {
      const [message] = messages.splice(random.below(messages.length), 1);
      const copies = Array.from({ length: 1 + random.below(3) }, () =>
        handleMessage(context, message),
      );
      await Promise.all(copies);
      if (random.below(4) === 0) await handleMessage(context, message);
    }
    expect(await outcome(id)).toEqual(expected);
  }
});

test('a queue that loses messages is made up for by the sweep', async () => {
  const random = createRandom(4);
  const { queue, context, start } = createHarness();
  const id = await start(REQUEST);
  let time = Date.now();
  const later: JobContext = { ...context, now: () => time };
  for (let sweeps = 0; (await showJob(id)).ended === null; sweeps++) {
    expect(sweeps).toBeLessThan(100);
    while (queue.messages.length > 0) {
      const [message] = queue.messages.splice(random.below(queue.messages.length), 1);
      if (random.below(2) === 0) await handleMessage(later, message);
    }
    time += 24 * 60 * 60 * 1000;
    await sweepJobs(later);
  }
  expect(await outcome(id)).toEqual(expected);
});

test('the sweep leaves jobs alone that move, and asks ever less often for one that does not', async () => {
  const { queue, context, start } = createHarness();
  const minute = 60_000;
  const begin = Date.now();
  const id = await start(REQUEST, { ...context, now: () => begin });
  queue.messages.length = 0;
  const swept: number[] = [];
  for (let t = 0; t <= 60; t++) {
    await sweepJobs({ ...context, now: () => begin + t * minute });
    if (queue.messages.some((message) => message.job === id)) swept.push(t);
    queue.messages.length = 0;
  }
  expect(swept).toEqual([6, 17, 38]);
  await call(`POST /v1/jobs/${id}/cancel`);
});
