import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startAedes } from '../testing/aedes.ts';
import { EDGE_KEY } from '../testing/edge-server.ts';
import { type Plant, startPlant } from '../testing/plant.ts';
import { main } from './main.ts';

const plants: Plant[] = [];

afterEach(async () => {
  await Promise.all(plants.splice(0).map((plant) => plant.dispose()));
});

async function create(): Promise<Plant> {
  const plant = await startPlant({ startBroker: () => startAedes() });
  plants.push(plant);
  return plant;
}

async function call(...argv: string[]) {
  let out = '';
  let err = '';
  const streams = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await main(argv, streams);
  const lines = out.trim().split('\n');
  return { code, out, err, json: () => JSON.parse(lines.at(-1) ?? '') };
}

async function edit(plant: Plant, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(plant.configFile, 'utf8');
  expect(text).toMatch(from);
  await writeFile(plant.configFile, text.replace(from, to));
}

test.each([
  [['--help'], 0],
  [['run', '--help'], 0],
  [['--version'], 0],
  [[], 2],
  [['walk'], 2],
  [['run'], 2],
  [['run', '--config'], 2],
  [['run', '--config', 'x', '--speed', '9'], 2],
  [['run', '--config', '/nonexistent/gateway.yaml'], 2],
  [['check', '--config', '/nonexistent/gateway.yaml'], 1],
])('%j ends with %i', async (argv, expected) => {
  const { code, out, err } = await call(...argv);
  expect(code).toBe(expected);
  expect(`${out}${err}`).not.toBe('');
});

test('with --json a usage error is JSON too', async () => {
  const { code, json } = await call('run', '--json', '--speed', '9');
  expect(code).toBe(2);
  expect(json().error).toMatchObject({ code: 'usage' });
});

test('check finds a whole plant ready, by the real program', async () => {
  const plant = await create();
  const checking = plant.spawn('check', '--config', plant.configFile, '--json');
  expect(await checking.exit).toBe(0);
  const lines = checking.out().trim().split('\n');
  const { ok, checks } = JSON.parse(lines.at(-1) ?? '');
  expect(ok).toBe(true);
  expect(checks.map(({ name }: { name: string }) => name)).toEqual([
    'config',
    'node',
    'permissions',
    'bundle',
    'broker',
    'edge',
    'clock',
    'data',
    'memory',
  ]);
  expect(checks[4].detail).toContain('MQTT 3.1.1');
  expect(checking.out()).not.toContain(EDGE_KEY);
});

test('check names each failure with a way to put it right', async () => {
  const plant = await create();
  process.env.TEST_EDGE_KEY = EDGE_KEY;
  await plant.edge.stop();
  await plant.broker.stop();
  await edit(plant, 'model.safetensors', 'absent.safetensors');
  await edit(plant, 'data: data', 'data: gateway.yaml/data');
  const { code, json } = await call('check', '--config', plant.configFile, '--json');
  expect(code).toBe(1);
  const failed = json().checks.filter(({ ok }: { ok: boolean }) => !ok);
  expect(failed.map(({ name }: { name: string }) => name)).toEqual([
    'bundle',
    'broker',
    'edge',
    'data',
  ]);
  for (const { detail, fix } of failed) expect(detail && fix).toBeTruthy();
  await plant.broker.start();
});

test('check tells an edge that does not know the key or the bundle', async () => {
  const plant = await create();
  process.env.TEST_EDGE_KEY = 'a-key-that-was-revoked';
  const key = await call('check', '--config', plant.configFile);
  expect(key.code).toBe(1);
  expect(key.out).toMatch(/failed +edge +refuses the key: HTTP 401 [\s\S]*scope\s+device/);
  expect(key.out).not.toContain('a-key-that-was-revoked');
  process.env.TEST_EDGE_KEY = EDGE_KEY;
  plant.edge.mode = { kind: 'status', status: 404 };
  const bundle = await call('check', '--config', plant.configFile);
  expect(bundle.code).toBe(1);
  expect(bundle.out).toMatch(/failed +edge +does not answer rows [\s\S]*404[\s\S]*dandan push/);
});

test('check tells a broker that does not let the gateway read', async () => {
  const startBroker = () =>
    startAedes({
      authorizeSubscribe: (_client, subscription, done) => {
        done(null, subscription.topic.endsWith('telemetry/#') ? null : subscription);
      },
    });
  const plant = await startPlant({ startBroker });
  plants.push(plant);
  process.env.TEST_EDGE_KEY = EDGE_KEY;
  const { code, out } = await call('check', '--config', plant.configFile);
  expect(code).toBe(1);
  expect(out).toMatch(/failed +broker +may not read\s+\S+telemetry\/#/);
});

test('run refuses an altered bundle with its code as JSON', async () => {
  const plant = await create();
  process.env.TEST_EDGE_KEY = EDGE_KEY;
  const bytes = plant.made.bytes.slice();
  bytes[bytes.length - 1] ^= 1;
  await writeFile(join(plant.configFile, '..', 'model.safetensors'), bytes);
  const { code, json, err } = await call('run', '--config', plant.configFile, '--json');
  expect(code).toBe(1);
  expect(json().error).toMatchObject({
    code: 'bundle-hash-mismatch',
    field: 'manifest.stages.2.sha256',
  });
  expect(err).toContain('bundle-hash-mismatch');
});

test('run refuses a second gateway on the same outbox', async () => {
  const plant = await create();
  const first = await plant.start();
  const second = plant.spawn('run', '--config', plant.configFile, '--json');
  expect(await second.exit).toBe(1);
  expect(JSON.parse(second.out())).toMatchObject({ error: { code: 'outbox-unusable' } });
  await plant.stop(first);
});
