import { setTimeout as delay } from 'node:timers/promises';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import {
  bridgeMetricsSchema,
  bridgeStatusSchema,
  createBridgeTopics,
  createTopics,
  SAFETENSORS_MEDIA_TYPE,
} from '@dandan/shared/wire';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Transport } from '../../mqtt/index.ts';
import { startAedes } from '../../testing/aedes.ts';
import { bridgeOptions, connectLink, connectTo, startBridge } from '../../testing/bridge-link.ts';
import type { TestBroker } from '../../testing/broker.ts';
import {
  EDGE_KEY,
  type EdgeServer,
  edgeAnswers,
  startEdgeServer,
} from '../../testing/edge-server.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { poll } from '../../testing/poll.ts';
import { TEST_SITE } from '../../testing/probe.ts';
import type { MqttLink } from '../escalation/index.ts';
import { type Bridge, type BridgeOptions, createBridge } from './bridge.ts';
import { requestFilters } from './broker-port.ts';

const NEVER = new AbortController().signal;
const topics = createTopics(TEST_SITE);
const bridgeTopics = createBridgeTopics('bridge-1');

test('requestFilters() subscribes to what is served, shared, and once', () => {
  expect(requestFilters(['a/x', 'b/*', 'b/y', 'a/x'])).toEqual([
    '$share/dandan-bridge/dandan/b/+/escalation/request',
    '$share/dandan-bridge/dandan/a/x/escalation/request',
  ]);
});

test('start() refuses a broker that speaks MQTT 3.1.1 only, and says so', async () => {
  const broker = await startAedes();
  const bridge = await createBridge(bridgeOptions(broker.url, 'http://127.0.0.1:1'));
  try {
    await expect(bridge.start(AbortSignal.timeout(20_000))).rejects.toMatchObject({
      code: 'mqtt5-required',
      field: 'brokers.plant.url',
    });
    const transport = await connectTo(broker.url);
    await expect(connectLink(transport)).rejects.toMatchObject({ code: 'mqtt5-required' });
    await transport.close();
  } finally {
    await bridge.stop();
    await broker.dispose();
  }
});

describe.skipIf(skipMosquitto)('Bridge', () => {
  let made: TestBundle;
  let edge: EdgeServer;
  let broker: TestBroker;
  let seed = 0;
  const transports: Transport[] = [];
  const bridges: Bridge[] = [];

  beforeAll(async () => {
    made = await createTestBundle();
    edge = await startEdgeServer(made);
    broker = await startMosquitto();
  });
  afterAll(async () => {
    await edge.stop();
    await broker.dispose();
  });
  beforeEach(() => {
    edge.mode = { kind: 'well' };
    edge.seen.length = 0;
    edge.concurrency.most = 0;
  });
  afterEach(async () => {
    await Promise.all(bridges.splice(0).map((bridge) => bridge.stop()));
    await Promise.all(transports.splice(0).map((transport) => transport.close()));
  });

  const batch = (count = 3) => ({
    rows: createTestRows(made.bundle.input, count, ++seed),
    bundle: made.sha256,
    model: 'test-model',
  });

  async function bridge(options: Partial<BridgeOptions> = {}): Promise<Bridge> {
    const started = await startBridge(broker.url, edge.url, options);
    bridges.push(started);
    return started;
  }

  async function client(): Promise<Transport> {
    const transport = await connectTo(broker.url);
    transports.push(transport);
    return transport;
  }

  async function link(options: Parameters<typeof connectLink>[1] = {}): Promise<MqttLink> {
    return connectLink(await client(), options);
  }

  async function listen(filter: string): Promise<{ topic: string; text: string }[]> {
    const heard: { topic: string; text: string }[] = [];
    await (await client()).subscribe(filter, (topic, payload) =>
      heard.push({ topic, text: Buffer.from(payload).toString() }),
    );
    return heard;
  }

  test('it says that it is there, what it counts, and takes its leave', async () => {
    const statuses = await listen(bridgeTopics.status);
    const metrics = await listen(bridgeTopics.metrics);
    const running = await bridge();
    const parse = () => statuses.map(({ text }) => bridgeStatusSchema.parse(JSON.parse(text)));
    await poll('its status', () => parse().at(-1)?.status === 'online');
    expect(parse().at(-1)).toMatchObject({ edge: 'unknown', serves: ['osaka/line-1'] });
    await (await link()).escalate(batch(), NEVER);
    await poll('the edge in it', () => parse().at(-1)?.edge === 'up');
    await poll('its metrics', () =>
      metrics.some(({ text }) => bridgeMetricsSchema.parse(JSON.parse(text)).answered === 1),
    );
    expect(await running.stop()).toMatchObject({
      requests: 1,
      answered: 1,
      queued: 0,
      inFlight: 0,
    });
    await poll('its leave', () => parse().at(-1)?.status === 'offline');
  });

  test('requests that name a place outside their gateway are never answered there', async () => {
    const running = await bridge({ serves: ['osaka/*'] });
    const heard = await listen('#');
    const sender = await client();
    const body = new TextEncoder().encode('x');
    const correlationData = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
    const places = [
      createTopics({ ...TEST_SITE, gateway: 'line-2' }).escalationResponse,
      topics.desired,
      topics.prediction('press'),
      'anything/else',
    ];
    for (const responseTopic of places) {
      const contentType = SAFETENSORS_MEDIA_TYPE;
      const properties = { responseTopic, correlationData, contentType };
      await sender.publish(topics.escalationRequest, body, properties);
    }
    await poll('four dropped messages', () => running.metrics().dropped === 4);
    expect(heard.filter(({ topic }) => places.includes(topic))).toEqual([]);
    expect(edge.seen).toEqual([]);
  });

  test('answers that are made up, late or repeated are passed over', async () => {
    await bridge();
    const forger = await client();
    await forger.subscribe(topics.escalationRequest, (_topic, _payload, details) => {
      const { correlationData } = details;
      const lies = JSON.stringify({ model: 'x', bundle: made.sha256, policy: 'day', answers: [] });
      const answer = (correlation: Uint8Array | undefined, status: string) =>
        forger.publish(topics.escalationResponse, lies, {
          correlationData: correlation,
          userProperties: { status },
        });
      void answer(new Uint8Array(32), '200');
      void answer(undefined, '200');
      void answer(correlationData, 'two hundred');
    });
    const own = await link();
    const one = batch();
    const outcome = await own.escalate(one, NEVER);
    expect(outcome).toMatchObject({ kind: 'answered', answers: edgeAnswers(made, one.rows) });
    await poll('the strays', () => own.snapshot().strayAnswers >= 3);
  });

  test('with a shared secret nobody else can ask or answer, whoever may write', async () => {
    const secret = 'between line-1 and bridge-1 alone';
    const running = await bridge({ secrets: new Map([['osaka/line-1', secret]]) });
    edge.mode = { kind: 'slow', ms: 100 };
    const forger = await client();
    await forger.subscribe(topics.escalationRequest, (_topic, _payload, { correlationData }) => {
      const lie = { class: 0, label: 'fine', confidence: 1, stage: 1, stopped: 'last', macs: 0 };
      const body = { model: 'x', bundle: made.sha256, policy: 'day', answers: [lie, lie, lie] };
      void forger.publish(topics.escalationResponse, JSON.stringify(body), {
        correlationData,
        userProperties: { status: '200' },
      });
    });
    const own = await link({ secret });
    const one = batch();
    const outcome = await own.escalate(one, NEVER);
    expect(outcome).toMatchObject({ kind: 'answered', answers: edgeAnswers(made, one.rows) });
    expect(own.snapshot().forgedAnswers).toBe(1);
    await forger.close();
    const stranger = await link();
    expect(await stranger.escalate(batch(), NEVER)).toMatchObject({
      kind: 'unauthorised',
      reason: 'HTTP 403 seal-invalid',
    });
    expect(edge.seen).toHaveLength(1);
    expect(running.metrics()).toMatchObject({ refused: 1 });
  });

  test('the same request comes to the edge once, at the same time or within a minute', async () => {
    const running = await bridge();
    edge.mode = { kind: 'slow', ms: 100 };
    const [first, second] = [await link(), await link()];
    const same = batch();
    const both = await Promise.all([first.escalate(same, NEVER), second.escalate(same, NEVER)]);
    const again = await first.escalate(same, NEVER);
    for (const outcome of [...both, again]) expect(outcome.kind).toBe('answered');
    expect(edge.seen).toHaveLength(1);
    expect(running.metrics()).toMatchObject({ requests: 3, replayed: 2, answered: 1 });
  });

  test('a busy gateway delays itself and nobody else', async () => {
    const running = await bridge({ serves: ['osaka/*'], concurrency: 1 });
    edge.mode = { kind: 'slow', ms: 1000 };
    const [greedy, modest] = [await link(), await link({ gateway: 'line-2' })];
    const many = Array.from({ length: 10 }, () => greedy.escalate(batch(3), NEVER));
    await poll('the queue', () => running.metrics().queued === 9);
    const other = modest.escalate(batch(4), NEVER);
    await poll('the other in it', () => running.metrics().queued === 10);
    edge.mode = { kind: 'well' };
    for (const outcome of await Promise.all([...many, other]))
      expect(outcome.kind).toBe('answered');
    // One was at the edge, one of the greedy gateway was next in turn.
    expect(edge.seen.findIndex(({ rows }) => rows === 4)).toBeLessThanOrEqual(2);
    expect(edge.concurrency.most).toBe(1);
  });

  test('a gateway that asks too often is told when to come back; a full queue says so, too', async () => {
    const running = await bridge({ requestsPerMinute: 1, burst: 2 });
    const own = await link();
    const outcomes = [];
    for (let i = 0; i < 3; i++) outcomes.push(await own.escalate(batch(), NEVER));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'unavailable']);
    expect(outcomes[2]).toMatchObject({ status: 429, reason: 'HTTP 429 rate-limited' });
    expect(outcomes[2]).toMatchObject({ retryAfterMs: expect.closeTo(60_000, -4) });
    expect(running.metrics()).toMatchObject({ rateLimited: 1, refused: 1 });
    await running.stop();
    await bridge({ concurrency: 1 });
    edge.mode = { kind: 'slow', ms: 300 };
    const next = await link({ timeoutMs: 20_000 });
    const many = await Promise.all(Array.from({ length: 20 }, () => next.escalate(batch(), NEVER)));
    const busy = many.filter(({ kind }) => kind === 'unavailable');
    expect(busy.length).toBeGreaterThanOrEqual(3);
    expect(busy[0]).toMatchObject({ status: 503, reason: 'HTTP 503 bridge-busy' });
  });

  test('a request larger than the bridge or the broker takes fails alone', async () => {
    await bridge({ maxBytes: 1024 });
    const own = await link();
    expect(await own.escalate(batch(500), NEVER)).toMatchObject({ kind: 'refused', status: 413 });
    expect(await own.escalate(batch(), NEVER)).toMatchObject({ kind: 'answered' });
    const narrow = await startMosquitto({ config: ['max_packet_size 2000'] });
    const bridged = await startBridge(narrow.url, edge.url);
    const transport = await connectTo(narrow.url);
    try {
      const over = await connectLink(transport);
      const refused = await over.escalate(batch(500), NEVER);
      expect(refused).toMatchObject({ kind: 'unavailable', status: undefined });
      expect(await over.escalate(batch(), NEVER)).toMatchObject({ kind: 'answered' });
    } finally {
      await transport.close();
      await bridged.stop();
      await narrow.dispose();
    }
  });

  test('an edge that is away, slow or cut off has an outcome that the gateway understands', async () => {
    const wrong = await bridge({ edge: { url: edge.url, key: 'wrong', timeoutMs: 100 } });
    const own = await link();
    const ask = () => own.escalate(batch(), NEVER);
    expect(await ask()).toMatchObject({ kind: 'unauthorised', reason: 'HTTP 401 key-unknown' });
    await wrong.stop();
    await bridge({ edge: { url: edge.url, key: EDGE_KEY, timeoutMs: 100 } });
    await poll('the bridge', async () => (await ask()).kind === 'answered');
    edge.mode = { kind: 'silent' };
    expect(await ask()).toMatchObject({ status: 504, reason: 'HTTP 504 edge-timeout' });
    edge.mode = { kind: 'half' };
    expect(await ask()).toMatchObject({ status: 503, reason: 'HTTP 503 edge-unreachable' });
    await edge.stop();
    expect(await ask()).toMatchObject({ status: 503, retryAfterMs: 5000 });
    await edge.start();
  });

  test('a broker that restarts in the middle costs one try', async () => {
    await bridge();
    const own = await link({ timeoutMs: 1000 });
    edge.mode = { kind: 'slow', ms: 200 };
    const waiting = own.escalate(batch(), NEVER);
    await poll('the request', () => edge.seen.length === 1);
    await broker.stop();
    await broker.start();
    edge.mode = { kind: 'well' };
    const first = await waiting;
    expect(['answered', 'unavailable']).toContain(first.kind);
    const one = batch();
    const outcome = await poll('an answer', async () => {
      const next = await own.escalate(one, NEVER);
      return next.kind === 'answered' && next;
    });
    expect(outcome).toMatchObject({ answers: edgeAnswers(made, one.rows) });
  });

  test('stop() answers what is at the edge and turns away what comes', async () => {
    const running = await bridge();
    edge.mode = { kind: 'slow', ms: 300 };
    const own = await link();
    const waiting = own.escalate(batch(), NEVER);
    await poll('the request', () => edge.seen.length === 1);
    const stopped = running.stop();
    const late = await own.escalate(batch(), NEVER);
    expect(await waiting).toMatchObject({ kind: 'answered' });
    expect(late.kind).toBe('unavailable');
    await stopped;
    await poll('its leave', async () => {
      const { kind, ...outcome } = await own.escalate(batch(), NEVER);
      return 'reason' in outcome && outcome.reason === 'no bridge serves this gateway';
    });
  });

  test('two bridges share the work, and one alone does it when the other is gone', async () => {
    const [one, two] = [await bridge(), await bridge({ bridge: 'bridge-2' })];
    const own = await link();
    for (let i = 0; i < 10; i++) {
      expect(await own.escalate(batch(), NEVER)).toMatchObject({ kind: 'answered' });
    }
    expect(edge.seen).toHaveLength(10);
    expect(one.metrics().answered + two.metrics().answered).toBe(10);
    await one.stop();
    await delay(0);
    expect(await own.escalate(batch(), NEVER)).toMatchObject({ kind: 'answered' });
  });
});
