import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createTestBundle, signFirstRelease, type TestBundle } from '@dandan/shared/testing';
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { readSettings } from './read-settings.ts';
import { startRuntime } from './runtime.ts';
import { type EdgeProcess, isRunning, startEdge, temporaryFolder } from './testing/edge-process.ts';

// A start bundles the Worker, beside other tests on the same cores.
vi.setConfig({ testTimeout: 120_000 });

let data: string;
/** SHA-256 of the bundle of the first test. */
let kept: string;
const started: EdgeProcess[] = [];

async function start(options: Partial<Parameters<typeof startEdge>[0]> = {}) {
  const edge = await startEdge({ data, ...options });
  started.push(edge);
  return edge;
}

async function ready(options: Parameters<typeof start>[0] = {}) {
  const edge = await start(options);
  const { workerd } = await edge.said('ready');
  return { ...edge, workerd: Number(workerd) };
}

const operatorKey = async () => (await readFile(join(data, 'operator-key'), 'utf8')).trim();

async function ask(edge: EdgeProcess, method: string, path: string, body?: object) {
  const bytes = body instanceof Uint8Array;
  return fetch(edge.url + path, {
    method,
    headers: {
      authorization: `Bearer ${await operatorKey()}`,
      'content-type': bytes ? SAFETENSORS_MEDIA_TYPE : 'application/json',
    },
    ...(body !== undefined && { body: bytes ? body : JSON.stringify(body) }),
  });
}

const bundlePath = ({ bundle, sha256 }: TestBundle) =>
  `/v1/models/${bundle.manifest.model}/bundles/${sha256}`;

beforeAll(async () => {
  data = await temporaryFolder();
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});
afterAll(() => rm(data, { recursive: true, force: true }));

test('an empty folder becomes an edge that keeps bundles and answers', async () => {
  const edge = await ready();
  const database = await edge.said('database');
  expect(database.applied).not.toEqual([]);
  expect((await stat(join(data, 'operator-key'))).mode & 0o777).toBe(0o600);
  expect((await stat(data)).mode & 0o077).toBe(0);
  const key = await operatorKey();
  expect(JSON.stringify(edge.log)).not.toContain(key);

  const bundle = await createTestBundle({});
  kept = bundle.sha256;
  const { model } = bundle.bundle.manifest;
  expect((await ask(edge, 'PUT', bundlePath(bundle), bundle.bytes)).status).toBe(201);
  const { trust, publish } = await signFirstRelease(bundle);
  expect((await ask(edge, 'POST', '/v1/signing-keys', trust)).status).toBe(201);
  const channel = `/v1/models/${model}/channels/stable`;
  expect((await ask(edge, 'POST', channel, publish)).status).toBe(201);
  const rows = [Array(bundle.bundle.input.width).fill(0)];
  const answer = await ask(edge, 'POST', `/v1/models/${model}/predict`, { rows });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ bundle: bundle.sha256 });
  expect((await fetch(`${edge.url}/v1/models`)).status).toBe(401);

  edge.child.kill('SIGTERM');
  expect(await edge.ended).toBe(0);
  expect(isRunning(edge.workerd)).toBe(false);
});

test('a second start builds nothing, migrates nothing and has the key and the answers', async () => {
  const key = await operatorKey();
  const edge = await ready();
  expect((await edge.said('worker')).fresh).toBe(false);
  expect((await edge.said('database')).applied).toEqual([]);
  expect(await operatorKey()).toBe(key);
  const { models } = (await (await ask(edge, 'GET', '/v1/models')).json()) as { models: object[] };
  expect(models).toHaveLength(1);
  edge.child.kill('SIGINT');
  expect(await edge.ended).toBe(0);
});

test('a second process on the same folder is refused, and the first goes on', async () => {
  const edge = await ready();
  const second = await start();
  expect(await second.ended).toBe(1);
  const { message, fix, code } = await second.said('failed');
  expect([code, message]).toEqual(['folder-in-use', expect.stringContaining(`${edge.child.pid}`)]);
  expect(fix).toContain('folder of its own');
  expect((await fetch(`${edge.url}/healthz`)).status).toBe(200);
});

test('after SIGKILL in the middle of uploads everything acknowledged is there', async () => {
  const edge = await ready();
  const bundles = await Promise.all(
    Array.from({ length: 40 }, (_, i) => createTestBundle({ model: 'killed', seed: 100 + i })),
  );
  const acknowledged: string[] = [];
  // Four lanes, so that uploads are under way whenever it ends.
  const lane = async (first: number) => {
    for (let i = first; i < bundles.length; i += 4) {
      const { status } = await ask(edge, 'PUT', bundlePath(bundles[i]), bundles[i].bytes);
      if (status === 201) acknowledged.push(bundles[i].sha256);
      if (acknowledged.length === 12) edge.child.kill('SIGKILL');
    }
  };
  const outcomes = await Promise.allSettled([0, 1, 2, 3].map(lane));
  expect(await edge.ended).toBe('SIGKILL');
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(acknowledged.length).toBeGreaterThanOrEqual(12);
  await vi.waitFor(() => expect(isRunning(edge.workerd)).toBe(false), { timeout: 5_000 });

  const next = await ready();
  for (const sha256 of acknowledged) {
    const answer = await ask(next, 'GET', `/v1/models/killed/bundles/${sha256}`);
    expect(answer.status).toBe(200);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(bytes).toEqual(bundles.find((each) => each.sha256 === sha256)?.bytes);
  }
});

test('where workerd dies the program says so and ends with a failure', async () => {
  const edge = await ready();
  process.kill(edge.workerd, 'SIGKILL');
  expect(await edge.ended).toBe(1);
  expect(await edge.said('failed')).toMatchObject({
    code: 'workerd-failed',
    message: expect.stringContaining('SIGKILL'),
  });
});

test('a port in use is said before anything is started', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const edge = await start({ port });
  expect(await edge.ended).toBe(1);
  expect(await edge.said('failed')).toMatchObject({
    code: 'address-in-use',
    fix: expect.stringContaining('--port'),
  });
  server.close();
});

test('a key of the environment wins and leaves no trace in the processes', async () => {
  const key = 'a-key-of-the-environment';
  const edge = await ready({ env: { OPERATOR_KEY: key } });
  const headers = { authorization: `Bearer ${key}` };
  expect((await fetch(`${edge.url}/v1/models`, { headers })).status).toBe(200);
  expect((await ask(edge, 'GET', '/v1/models')).status).toBe(401);
  expect(await readFile(`/proc/${edge.workerd}/environ`, 'utf8')).not.toContain(key);
  expect(await readFile(`/proc/${edge.workerd}/cmdline`, 'utf8')).not.toContain(key);
});

/** TCP ports that a process listens on. */
async function portsOf(pid: number): Promise<number[]> {
  const links = await readdir(`/proc/${pid}/fd`);
  const targets = links.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''));
  const inodes = (await Promise.all(targets)).map(
    (target) => /^socket:\[(\d+)\]$/.exec(target)?.[1],
  );
  const tables = ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8'));
  return (await Promise.all(tables))
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.includes(inode))
    .map(([, local]) => Number.parseInt(local.split(':').at(-1) as string, 16));
}

test('only the Worker and what needs a secret listen: Miniflare would serve buckets to anybody', async () => {
  const edge = await ready();
  const ports = await portsOf(edge.workerd);
  expect(ports).toContain(Number(new URL(edge.url).port));
  const object = `bundles/${kept}.safetensors`;
  const statuses = ports.map(async (port) => {
    const origin = `http://127.0.0.1:${port}`;
    const bucket = await fetch(`${origin}/cdn-cgi/local/r2/public/dandan-bundles/${object}`);
    return bucket.status;
  });
  expect((await Promise.all(statuses)).toSorted()).toEqual([401, 404]);
});

test('the same object is served by Miniflare where its entry is open', async () => {
  const temporary = await temporaryFolder();
  const { worker } = readSettings('wrangler.toml');
  const { r2Buckets = [] } = worker;
  const runtime = await startRuntime({
    workers: [{ modules: true, script: '', r2Buckets }],
    state: join(data, 'v3'),
    temporary,
    open: true,
    log: () => {},
  });
  const path = `/cdn-cgi/local/r2/public/dandan-bundles/bundles/${kept}.safetensors`;
  const answer = await fetch(new URL(path, await runtime.miniflare.ready));
  expect(answer.status).toBe(200);
  await runtime.stop();
  await rm(temporary, { recursive: true });
});
