import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { startAedes } from '../../testing/aedes.ts';
import { connectTo, QUIET, startBridge } from '../../testing/bridge-link.ts';
import { EDGE_KEY, startEdgeServer } from '../../testing/edge-server.ts';
import { freePort } from '../../testing/free-port.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { poll } from '../../testing/poll.ts';
import { TEST_SITE } from '../../testing/probe.ts';
import { createEdgeRoute } from './edge-route.ts';

const NEVER = new AbortController().signal;

test('createEdgeRoute() on a broker without MQTT 5: mqtt refuses to start, auto stays with HTTPS', async () => {
  const broker = await startAedes();
  const transport = await connectTo(broker.url);
  const edge = { url: 'http://127.0.0.1:1', key: EDGE_KEY, timeoutMs: 1000 };
  const options = { ...TEST_SITE, edge, transport, log: QUIET };
  const mqtt = await createEdgeRoute({ ...options, via: 'mqtt' });
  await expect(mqtt.start(NEVER)).rejects.toMatchObject({
    code: 'mqtt5-required',
    value: 'MQTT 3.1.1',
    allowed: expect.stringContaining('MQTT 5'),
  });
  const auto = await createEdgeRoute({ ...options, via: 'auto' });
  await auto.start(NEVER);
  expect(auto.snapshot().viaBridge).toBe(0);
  await transport.close();
  await broker.dispose();
});

test.skipIf(skipMosquitto).each([
  ['https', 'unavailable', 0],
  ['mqtt', 'answered', 1],
  ['auto', 'answered', 1],
] as const)('createEdgeRoute() via %s, HTTPS out of reach: %s', async (via, kind, viaBridge) => {
  const made = await createTestBundle();
  const edge = await startEdgeServer(made);
  const broker = await startMosquitto();
  const bridge = await startBridge(broker.url, edge.url);
  const transport = await connectTo(broker.url);
  try {
    const away = { url: `http://127.0.0.1:${await freePort()}`, key: EDGE_KEY, timeoutMs: 2000 };
    const route = await createEdgeRoute({
      ...TEST_SITE,
      via,
      edge: away,
      transport,
      log: QUIET,
    });
    await route.start(NEVER);
    const rows = createTestRows(made.bundle.input, 3);
    const batch = { rows, bundle: made.sha256, model: 'test-model' };
    let tries = 0;
    const outcome = await poll('an outcome', async () => {
      const next = await route.link.escalate(batch, NEVER);
      return (++tries >= 5 || next.kind === 'answered') && next;
    });
    expect(outcome.kind).toBe(kind);
    expect(route.snapshot()).toMatchObject({ viaBridge, forgedAnswers: 0 });
  } finally {
    await transport.close();
    await bridge.stop();
    await broker.dispose();
    await edge.stop();
  }
});
