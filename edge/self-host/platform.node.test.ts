// What wrangler.toml may name beside D1 and R2, with a Worker of the test's own.
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type EdgeProcess, startEdge, temporaryFolder } from './testing/edge-process.ts';

// A start bundles the Worker, beside other tests on the same cores.
vi.setConfig({ testTimeout: 120_000 });

const WORKER = `
export class Counter {
  constructor(state) { this.storage = state.storage; }
  async fetch(request) {
    const name = new URL(request.url).pathname;
    const count = ((await this.storage.get(name)) ?? 0) + 1;
    await this.storage.put(name, count);
    return Response.json(count);
  }
}
const note = (env, name, text) => env.BATCH.put(name + '/' + crypto.randomUUID(), text);
const texts = async (env, prefix) => {
  const { objects } = await env.BATCH.list({ prefix });
  return Promise.all(objects.map(async ({ key }) => (await env.BATCH.get(key)).text()));
};
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/count') {
      return env.COUNTER.get(env.COUNTER.idFromName('one')).fetch(request);
    }
    if (pathname === '/send') {
      await env.JOBS.send(await request.text());
      return new Response(null, { status: 202 });
    }
    if (pathname === '/slow') {
      await note(env, 'begun', 'slow');
      await new Promise((resolve) => setTimeout(resolve, 700));
      return Response.json((await env.DB.prepare('SELECT name FROM things').all()).results);
    }
    return Response.json(await texts(env, pathname.slice(1)));
  },
  async queue({ queue, messages }, env) {
    for (const { body } of messages) {
      if (queue === 'jobs' && body === 'poison') throw new Error('cannot be done');
      await note(env, queue, body);
    }
  },
  async scheduled({ cron, scheduledTime }, env) {
    await note(env, 'cron', cron + ' ' + typeof scheduledTime);
    if (cron === '*/2 * * * * *') throw new Error('a trigger that fails');
  },
};`;

// Six fields: the first are seconds, which only a local clock knows.
const CONFIG = `
name = "platform-test"
main = "worker.js"
compatibility_date = "2026-08-22"
[[d1_databases]]
binding = "DB"
database_name = "things"
database_id = "11111111-1111-1111-1111-111111111111"
migrations_dir = "migrations"
[[r2_buckets]]
binding = "BATCH"
bucket_name = "batch"
[[queues.producers]]
binding = "JOBS"
queue = "jobs"
[[queues.consumers]]
queue = "jobs"
max_batch_timeout = 0
max_retries = 1
dead_letter_queue = "dead"
[[queues.consumers]]
queue = "dead"
max_batch_timeout = 0
[[durable_objects.bindings]]
name = "COUNTER"
class_name = "Counter"
[[migrations]]
tag = "v1"
new_sqlite_classes = ["Counter"]
[triggers]
crons = ["* * * * * *", "*/2 * * * * *"]
`;

let folder: string;
let edge: EdgeProcess | undefined;

const config = () => join(folder, 'wrangler.toml');
const data = () => join(folder, 'data');

async function ready(): Promise<EdgeProcess> {
  edge = await startEdge({ data: data(), arguments: ['--config', config()] });
  await edge.said('ready');
  return edge;
}

const texts = async ({ url }: Pick<EdgeProcess, 'url'>, prefix: string) =>
  (await (await fetch(`${url}/${prefix}`)).json()) as string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'migrations'));
  await writeFile(join(folder, 'worker.js'), WORKER);
  await writeFile(config(), CONFIG);
  await writeFile(
    join(folder, 'migrations', '0001_things.sql'),
    `CREATE TABLE things (name TEXT);\nCREATE TRIGGER keep BEFORE DELETE ON things BEGIN SELECT RAISE(ABORT, 'kept; always'); END;`,
  );
});
afterEach(async () => {
  edge?.child.kill('SIGKILL');
  await edge?.ended;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a folder that wrangler migrated is gone on with, and new migrations apply once', async () => {
  const words = ['d1', 'migrations', 'apply', 'things', '--local', '--persist-to', data()];
  await promisify(execFile)('npx', ['wrangler', ...words, '--config', config()], {
    env: { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false' },
  });
  await writeFile(
    join(folder, 'migrations', '0002_more.sql'),
    `INSERT INTO things (name) VALUES ('a; b'), ('c');`,
  );
  const first = await ready();
  expect((await first.said('database')).applied).toEqual(['0002_more.sql']);
  first.child.kill('SIGTERM');
  await first.ended;
  const second = await ready();
  expect((await second.said('database')).applied).toEqual([]);
  expect(await (await fetch(`${second.url}/slow`)).json()).toEqual([
    { name: 'a; b' },
    { name: 'c' },
  ]);
});

test('a migration that fails changes nothing and nothing is served', async () => {
  const file = join(folder, 'migrations', '0003_broken.sql');
  await writeFile(
    file,
    `INSERT INTO things (name) VALUES ('half');\nINSERT INTO nowhere VALUES (1);`,
  );
  edge = await startEdge({ data: data(), arguments: ['--config', config()] });
  expect(await edge.ended).toBe(1);
  expect(await edge.said('failed')).toMatchObject({
    code: 'migration-failed',
    message: expect.stringContaining('0003_broken.sql'),
  });
  expect(edge.log.some(({ event }) => event === 'ready')).toBe(false);
  await rm(file);
  const next = await ready();
  const names = await (await fetch(`${next.url}/slow`)).json();
  expect(names).toEqual([{ name: 'a; b' }, { name: 'c' }]);
});

test('cron triggers run at their times, and one that fails is said', async () => {
  const { url, said } = await ready();
  await vi.waitFor(
    async () => {
      const calls = await texts({ url }, 'cron');
      expect(calls).toContain('* * * * * * number');
      expect(calls).toContain('*/2 * * * * * number');
    },
    { timeout: 10_000, interval: 100 },
  );
  expect(await said('cron')).toMatchObject({ level: 'warn', cron: '*/2 * * * * *' });
});

test('a queue delivers, and what cannot be done ends in its dead letter queue', async () => {
  const { url } = await ready();
  const send = (body: string) => fetch(`${url}/send`, { method: 'POST', body });
  expect((await send('work')).status).toBe(202);
  expect((await send('poison')).status).toBe(202);
  await vi.waitFor(
    async () => {
      expect(await texts({ url }, 'jobs')).toEqual(['work']);
      expect(await texts({ url }, 'dead')).toEqual(['poison']);
    },
    { timeout: 20_000, interval: 100 },
  );
});

test('a Durable Object keeps its storage over SIGKILL', async () => {
  const count = async ({ url }: EdgeProcess) => (await fetch(`${url}/count`)).json();
  const first = await ready();
  expect(await count(first)).toBe(1);
  expect(await count(first)).toBe(2);
  first.child.kill('SIGKILL');
  await first.ended;
  expect(await count(await ready())).toBe(3);
});

test('a request in flight ends before the edge does, and no other is taken', async () => {
  const { url, child, ended } = await ready();
  const before = (await texts({ url }, 'begun')).length;
  const slow = fetch(`${url}/slow`);
  await vi.waitFor(async () => expect(await texts({ url }, 'begun')).toHaveLength(before + 1), {
    timeout: 5_000,
    interval: 10,
  });
  child.kill('SIGTERM');
  expect((await slow).status).toBe(200);
  expect(await ended).toBe(0);
  await expect(fetch(`${url}/cron`)).rejects.toThrow();
});
