import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import { bridgeMetricsSchema } from '@dandan/shared/wire';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readBridgeConfig } from '../config/index.ts';
import { connectLink, connectTo } from '../testing/bridge-link.ts';
import type { TestBroker } from '../testing/broker.ts';
import { EDGE_KEY, type EdgeServer, edgeAnswers, startEdgeServer } from '../testing/edge-server.ts';
import { skipMosquitto, startMosquitto } from '../testing/mosquitto.ts';
import { poll } from '../testing/poll.ts';
import { TEST_SITE } from '../testing/probe.ts';
import { createBridgeWatch } from '../uplink/escalation/index.ts';

const PROGRAM = fileURLToPath(new URL('../testing/bridge-process.ts', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../bridge.example.yaml', import.meta.url));
const NEVER = new AbortController().signal;
const SECRET = 'a secret of more than thirty-two characters'.replaceAll(' ', '-');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-bridge-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const valid = (change: object = {}) => ({
  bridge: 'bridge-1',
  serves: ['osaka/*'],
  brokers: { plant: { url: 'mqtt://127.0.0.1:1883' } },
  edge: { url: 'http://127.0.0.1:8787', keyEnv: 'BRIDGE_KEY' },
  ...change,
});

async function write(config: object | string): Promise<string> {
  const file = join(folder, 'bridge.yaml');
  await writeFile(file, typeof config === 'string' ? config : stringify(config));
  return file;
}

test('readBridgeConfig() accepts the example, with its secrets from where it says', async () => {
  const text = (await readFile(EXAMPLE, 'utf8')).replace(
    /# secrets:\n#( {3}osaka.*)\n/,
    'secrets:\n $1\n',
  );
  await writeFile(join(folder, 'line-1.secret'), `${SECRET}\n`);
  const environment = { DANDAN_BRIDGE_KEY: 'bridge-key' };
  const { config, secrets } = await readBridgeConfig({ file: await write(text), environment });
  expect(config).toMatchObject({ bridge: 'bridge-1', limits: { requestsPerMinute: 1200 } });
  expect(secrets.edgeKey).toBe('bridge-key');
  expect(secrets.gatewaySecrets.get('osaka/line-1')).toBe(SECRET);
  expect(JSON.stringify(config)).not.toContain(SECRET);
});

test.each<[string, object, string]>([
  ['nobody to serve', { serves: [] }, 'serves'],
  ['a gateway without a site', { serves: ['line-1'] }, 'serves.0'],
  ['all sites', { serves: ['*/*'] }, 'serves.0'],
  ['a filter', { serves: ['osaka/#'] }, 'serves.0'],
  ['no broker', { brokers: {} }, 'brokers'],
  [
    'a key in the clear',
    { edge: { url: 'http://edge.example', keyEnv: 'BRIDGE_KEY' } },
    'edge.url',
  ],
  ['no key', { edge: { url: 'https://edge.example' } }, 'edge'],
  ['a secret in the file', { secrets: { 'osaka/line-1': { secret: SECRET } } }, 'secrets'],
  ['a secret of nobody served', { secrets: { 'kobe/x': { secretEnv: 'LONG' } } }, 'secrets'],
  ['a short secret', { secrets: { 'osaka/x': { secretEnv: 'SHORT' } } }, 'secrets.osaka/x.secret'],
  ['a name that is none', { bridge: 'a/b' }, 'bridge'],
])('readBridgeConfig() refuses %s', async (_, change, field) => {
  const environment = { BRIDGE_KEY: 'k', LONG: SECRET, SHORT: 'short' };
  const error = await readBridgeConfig({ file: await write(valid(change)), environment }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'config-invalid', allowed: expect.any(String) });
  expect(error).toMatchObject({ field: expect.stringContaining(field) });
  expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
});

describe.skipIf(skipMosquitto)('bridge', () => {
  let made: TestBundle;
  let edge: EdgeServer;
  let broker: TestBroker;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    made = await createTestBundle();
    edge = await startEdgeServer(made);
  });
  afterAll(() => edge.stop());
  beforeEach(() => {
    edge.mode = { kind: 'well' };
    edge.seen.length = 0;
  });
  afterEach(async () => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    await broker.dispose();
  });

  async function start(change: object = {}) {
    const config = valid({
      brokers: { plant: { url: broker.url } },
      edge: { url: edge.url, keyEnv: 'BRIDGE_KEY' },
      ...change,
    });
    const env = { ...process.env, NODE_OPTIONS: '', BRIDGE_KEY: EDGE_KEY, PASSWORD: SECRET };
    const child = spawn(process.execPath, [PROGRAM, await write(config)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    const text = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      text.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      text.err += chunk;
    });
    await poll('the bridge', () => {
      if (child.exitCode !== null) throw new Error(text.err);
      return text.err.includes('"bridge-ready"');
    });
    return { child, text };
  }

  const batch = (seed: number) => ({
    rows: createTestRows(made.bundle.input, 3, seed),
    bundle: made.sha256,
    model: 'test-model',
  });

  test('killed in the middle of a request, it is missed at once, and its successor answers', async () => {
    broker = await startMosquitto();
    const first = await start();
    const transport = await connectTo(broker.url);
    const watch = createBridgeWatch(TEST_SITE);
    await watch.start(transport);
    const link = await connectLink(transport, { timeoutMs: 500 });
    edge.mode = { kind: 'silent' };
    const lost = link.escalate(batch(1), NEVER);
    await poll('the request', () => edge.seen.length === 1);
    first.child.kill('SIGKILL');
    expect(await lost).toMatchObject({ kind: 'unavailable', reason: 'timeout' });
    // Its will has told.
    await poll('the will', () => watch.bridge() === undefined);
    expect(await link.escalate(batch(1), NEVER)).toMatchObject({ status: undefined, bytesUp: 0 });
    edge.mode = { kind: 'well' };
    const second = await start();
    const outcome = await poll('an answer', async () => {
      const next = await link.escalate(batch(1), NEVER);
      return next.kind === 'answered' && next;
    });
    expect(outcome).toMatchObject({ answers: edgeAnswers(made, batch(1).rows) });
    const exit = once(second.child, 'close');
    second.child.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
    const last = JSON.parse(second.text.out.trim().split('\n').at(-1) ?? '');
    expect(bridgeMetricsSchema.parse(last).answered).toBeGreaterThan(0);
    await transport.close();
  });

  test('access rules of the broker as the example has them suffice, and no secret is logged', async () => {
    const acl = join(folder, 'acl');
    // A gateway without a name first, then the bridge.
    await writeFile(
      acl,
      `topic write dandan/osaka/line-1/escalation/request
topic read dandan/osaka/line-1/escalation/response
topic read dandan/$bridge/+/status
user bridge
topic read dandan/+/+/escalation/request
topic write dandan/+/+/escalation/response
topic write dandan/$bridge/bridge-1/#
`,
      { mode: 0o644 },
    );
    broker = await startMosquitto({ config: [`acl_file ${acl}`] });
    const plant = { url: broker.url, username: 'bridge', passwordEnv: 'PASSWORD' };
    const { text } = await start({ brokers: { plant }, logLevel: 'debug' });
    const transport = await connectTo(broker.url);
    const link = await connectLink(transport);
    expect(await link.escalate(batch(2), NEVER)).toMatchObject({ kind: 'answered' });
    await poll('the log', () => text.err.includes('"request-answered"'));
    expect(text.err).not.toContain(EDGE_KEY);
    expect(text.err).not.toContain(SECRET);
    expect(text.err).toContain('password-in-the-clear');
    await transport.close();
  });
});
