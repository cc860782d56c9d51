// Parts that only meet in the whole gateway: several models, steering, outputs, the port, the bridge,
// certificates. Each runs the program as its user starts it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createTestBundle } from '@dandan/shared/testing';
import {
  createTopics,
  reportedSchema,
  type TelemetrySummary,
  telemetrySummarySchema,
} from '@dandan/shared/wire';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { createAuthority, skipOpenssl } from './testing/certificates.ts';
import { EDGE_KEY } from './testing/edge-server.ts';
import { freePort } from './testing/free-port.ts';
import { spawnGateway } from './testing/gateway-process.ts';
import { skipMosquitto, startMosquitto } from './testing/mosquitto.ts';
import { type PlantOptions, startPlant } from './testing/plant.ts';
import { poll } from './testing/poll.ts';
import { TEST_SITE } from './testing/probe.ts';
import { createMessages, HISTORY_START } from './testing/telemetry.ts';
import { TEST_SPEC } from './testing/telemetry-spec.ts';

const topics = createTopics(TEST_SITE);
const SECRET = 'a-secret-of-more-than-thirty-two-characters';

async function create(options: Partial<PlantOptions> = {}) {
  const plant = await startPlant({ startBroker: () => startMosquitto(), ...options });
  onTestFinished(() => plant.dispose());
  return plant;
}

test.skipIf(skipMosquitto)(
  'two models share the assets of a gateway, hundreds of them',
  async () => {
    const plant = await create({
      config: {
        models: [
          { file: 'model.safetensors', stages: 1, assets: ['asset-*'] },
          { file: 'ovens.safetensors', stages: 'all', assets: ['asset-1', 'oven-*'] },
        ],
      },
    });
    const ovens = await createTestBundle({
      telemetry: TEST_SPEC,
      model: 'ovens',
      seed: 9,
      units: [8, 8],
    });
    await writeFile(join(dirname(plant.configFile), 'ovens.safetensors'), ovens.bytes);
    const gateway = await plant.start();
    const assets = 300;
    await plant.probe.send(createMessages({ spec: TEST_SPEC, assets, count: 18 }));
    const of = (model: string) =>
      [...plant.probe.last().values()].filter((each) => each.model === model && !each.degraded);
    // Rows at 2 and 3 s of each asset; the second model reads one of them.
    await poll('rows of all assets', () => of('test-model').length >= 2 * assets);
    await poll('rows of the other model', () => of('ovens').length >= 2);
    expect(new Set(of('test-model').map(({ asset }) => asset)).size).toBe(assets);
    expect(new Set(of('ovens').map(({ asset }) => asset))).toEqual(new Set(['asset-1']));
    expect(plant.probe.health.at(-1)?.models.map(({ model }) => model)).toEqual([
      'test-model',
      'ovens',
    ]);
    await plant.stop(gateway);
  },
);

test.skipIf(skipMosquitto)(
  'a person, operators and the file steer it in this order; others see what it does',
  async () => {
    const port = await freePort();
    const plant = await create({
      config: {
        policy: 'night',
        remote: { enabled: true, reportIntervalMs: 100 },
        outputs: {
          homeAssistant: {},
          namespace: { topic: 'acme/{site}/{asset}/prediction', levels: {} },
        },
        exposition: { port },
      },
    });
    const client = await connectAsync(plant.broker.url, { protocolVersion: 5 });
    onTestFinished(() => client.endAsync(true).then(() => {}));
    const retained = new Map<string, string>();
    client.on('message', (topic, payload) => void retained.set(topic, payload.toString()));
    await client.subscribeAsync([topics.reported, 'homeassistant/#', 'acme/#'], { qos: 1 });
    const policyNow = () => {
      const text = retained.get(topics.reported);
      return text === undefined ? undefined : reportedSchema.parse(JSON.parse(text)).policy;
    };
    const gateway = await plant.start();
    await poll('the file', () => policyNow()?.policy === 'night');
    let start = HISTORY_START;
    const send = async () => {
      const messages = createMessages({ spec: TEST_SPEC, start });
      start += 20_000;
      await plant.probe.send(messages);
    };
    await send();
    await poll('rows', () => (plant.probe.metrics.at(-1)?.rows ?? 0) > 10);
    // The night's policy ends at the first stage: nothing for the edge.
    expect(plant.probe.metrics.at(-1)?.escalated).toBe(0);

    const desired = { version: 1, policy: 'day', logLevel: 'debug' };
    await client.publishAsync(topics.desired, JSON.stringify(desired), { qos: 1, retain: true });
    await poll('operators', () => policyNow()?.source === 'remote');
    await send();
    await poll('rows for the edge', () => (plant.probe.metrics.at(-1)?.escalated ?? 0) > 0);

    const set = plant.spawn(
      ...['policy', 'set', 'night', '--for', '1h', '--config', plant.configFile],
    );
    expect(await set.exit).toBe(0);
    await poll('the person', () => policyNow()?.source === 'override');
    expect(policyNow()).toMatchObject({ policy: 'night' });

    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^dandan_gateway_rows_total [1-9]/m);
    expect(metrics).toContain('dandan_gateway_outbox_added_total{class="escalation"}');
    expect(metrics).toMatch(/^dandan_gateway_answer_seconds_count [1-9]/m);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    const discovered = [...retained.keys()].filter((topic) => topic.startsWith('homeassistant/'));
    expect(discovered.length).toBeGreaterThan(4);
    expect(JSON.parse(retained.get('acme/osaka/asset-0/prediction') ?? '')).toMatchObject({
      model: 'test-model',
    });
    await plant.stop(gateway);
    expect(gateway.err()).not.toContain(EDGE_KEY);
  },
);

test.skipIf(skipMosquitto)(
  'telemetry is summed up by the minute, also over a kill in the middle of one',
  async () => {
    const plant = await create({ config: { outputs: { summary: true } } });
    const client = await connectAsync(plant.broker.url, { protocolVersion: 5 });
    onTestFinished(() => client.endAsync(true).then(() => {}));
    const summaries = new Map<string, TelemetrySummary>();
    client.on('message', (_, payload) => {
      const summary = telemetrySummarySchema.parse(JSON.parse(payload.toString()));
      summaries.set(summary.id, summary);
    });
    await client.subscribeAsync(topics.summary('+'), { qos: 1 });
    // Every five seconds for five minutes; the last two minutes are still open.
    const messages = Array.from({ length: 60 }, (_, i) => ({
      asset: 'press',
      t: HISTORY_START + 5000 * i,
      values: { vibration: i, temperature: -i },
    }));
    let gateway = await plant.start();
    await plant.probe.send(messages.slice(0, 18));
    gateway.child.kill('SIGKILL');
    await gateway.exit;
    await plant.probe.send(messages.slice(18));
    gateway = await plant.start();
    await poll('three minutes', () => summaries.size >= 3);
    const minute = (i: number) => summaries.get(`press/${HISTORY_START + 60_000 * i}`)?.channels;
    expect(minute(0)?.vibration).toEqual({ count: 12, mean: 5.5, min: 0, max: 11, last: 11 });
    expect(minute(1)?.temperature).toMatchObject({ count: 12, min: -23, max: -12, last: -23 });
    await plant.stop(gateway);
  },
);

test.skipIf(skipMosquitto)(
  'a gateway that sees only its broker gets the edge’s answers over the bridge',
  async () => {
    const plant = await create({
      // The bridge needs MQTT 5 of its gateways.
      protocol: '5',
      config: { escalation: { bridge: { secretEnv: 'TEST_BRIDGE_SECRET' } } },
    });
    const folder = await mkdtemp(join(tmpdir(), 'dandan-joined-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const config = join(folder, 'bridge.yaml');
    await writeFile(
      config,
      stringify({
        bridge: 'bridge-1',
        serves: ['osaka/*'],
        brokers: { plant: { url: plant.broker.url } },
        edge: { url: plant.edge.url, keyEnv: 'TEST_EDGE_KEY' },
        secrets: { 'osaka/line-1': { secretEnv: 'TEST_BRIDGE_SECRET' } },
      }),
    );
    const environment = { TEST_EDGE_KEY: EDGE_KEY, TEST_BRIDGE_SECRET: SECRET };
    const bridge = spawnGateway(['bridge', '--config', config], environment);
    onTestFinished(() => void bridge.child.kill('SIGKILL'));
    // The same configuration with an edge that is out of reach, and the way over the broker.
    const text = stringify({
      ...TEST_SITE,
      data: 'data',
      broker: { url: plant.broker.url, protocol: '5' },
      edge: { url: 'http://127.0.0.1:9', keyEnv: 'TEST_EDGE_KEY', via: 'mqtt', batchDelayMs: 5 },
      edgeReport: { enabled: false },
      models: [{ file: 'model.safetensors', stages: 1 }],
      escalation: { bridge: { secretEnv: 'TEST_BRIDGE_SECRET' } },
    });
    await writeFile(plant.configFile, text);
    const gateway = spawnGateway(['run', '--config', plant.configFile], environment);
    onTestFinished(() => void gateway.child.kill('SIGKILL'));
    await poll('the gateway', () => gateway.err().includes('"gateway-ready"'));
    await plant.probe.send(createMessages({ spec: TEST_SPEC }));
    await poll('answers of the edge', () =>
      plant.probe.predictions.some(({ tier, degraded }) => tier === 'edge' && !degraded),
    );
    expect(plant.edge.seen.length).toBeGreaterThan(0);
    expect(`${gateway.err()}${bridge.err()}`).not.toContain(SECRET);
  },
);

test.skipIf(skipMosquitto || skipOpenssl)(
  'a broker that asks for certificates lets in the gateway that has one, and no other',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dandan-joined-tls-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const authority = createAuthority(folder);
    const names = ['IP:127.0.0.1', 'DNS:localhost'];
    const server = authority.issue('broker', { names, days: 30 });
    const own = authority.issue('line-1', { names: ['DNS:line-1'], days: 30 });
    const tlsPort = await freePort();
    const plant = await create({
      startBroker: () =>
        startMosquitto({
          config: [
            `listener ${tlsPort} 127.0.0.1`,
            `cafile ${authority.caFile}`,
            `certfile ${server.certFile}`,
            `keyfile ${server.keyFile}`,
            'require_certificate true',
          ],
        }),
    });
    const configure = (tls: object) =>
      writeFile(
        plant.configFile,
        stringify({
          ...TEST_SITE,
          data: 'data',
          broker: { url: `mqtts://127.0.0.1:${tlsPort}`, tls },
          edge: { url: plant.edge.url, keyEnv: 'TEST_EDGE_KEY' },
          edgeReport: { enabled: false },
          models: [{ file: 'model.safetensors', stages: 1 }],
        }),
      );
    await configure({ caFile: authority.caFile });
    const stranger = plant.spawn('run', '--config', plant.configFile);
    await poll('the refusal', () => stranger.err().includes('"broker-unavailable"'));
    expect(stranger.err()).not.toContain('"broker-connected"');
    stranger.child.kill('SIGTERM');
    await stranger.exit;
    await configure({ caFile: authority.caFile, ...own });
    const gateway = await plant.start();
    await plant.probe.send(createMessages({ spec: TEST_SPEC }));
    await poll('predictions', () => plant.probe.predictions.length > 5);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
  },
);
