import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectLink, connectTo, QUIET, startBridge } from '../../testing/bridge-link.ts';
import { EDGE_KEY, startEdgeServer } from '../../testing/edge-server.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { poll } from '../../testing/poll.ts';
import { startTcpProxy } from '../../testing/tcp-proxy.ts';
import { createAutoLink } from './auto-link.ts';
import { createEdgeClient } from './edge-client.ts';
import { createEdgeHealth } from './edge-health.ts';
import type { EdgeLink, EscalationBatch, EscalationOutcome } from './edge-link.ts';

const NEVER = new AbortController().signal;
const traffic = { bytesUp: 1, bytesDown: 0 };
const ANSWERED: EscalationOutcome = { kind: 'answered', answers: [], ...traffic };
const NOBODY: EscalationOutcome = {
  kind: 'unavailable',
  reason: 'ENETUNREACH',
  status: undefined,
  retryAfterMs: 0,
  ...traffic,
};
const BATCH = {} as EscalationBatch;

/** Two ways whose state a test decides, under a clock of its own. */
function setUp() {
  const world = { now: 0, https: true, mqtt: true, bridged: true, checks: 0 };
  const asked: string[] = [];
  const way = (name: 'https' | 'mqtt'): EdgeLink => ({
    async escalate() {
      asked.push(name);
      return world[name] ? ANSWERED : NOBODY;
    },
  });
  const link = createAutoLink({
    https: way('https'),
    mqtt: way('mqtt'),
    bridged: () => world.bridged,
    check: async () => {
      world.checks++;
      return world.https;
    },
    log: QUIET,
    clock: () => world.now,
  });
  /** One request; a check that it began is over. */
  const ask = async (afterMs = 0) => {
    world.now += afterMs;
    const outcome = await link.escalate(BATCH, NEVER);
    await Promise.resolve();
    return outcome.kind;
  };
  return { world, asked, link, ask };
}

test('HTTPS is left after two requests that reached nobody, and the second is not lost', async () => {
  const { world, asked, link, ask } = setUp();
  world.https = false;
  expect(await ask()).toBe('unavailable');
  expect(link.via).toBe('https');
  expect(await ask()).toBe('answered');
  expect(link).toMatchObject({ via: 'mqtt', switches: 1 });
  expect(asked).toEqual(['https', 'https', 'mqtt']);
});

test('HTTPS is kept where no bridge is there, and where the edge says no', async () => {
  const { world, link, ask } = setUp();
  Object.assign(world, { https: false, bridged: false });
  for (let i = 0; i < 5; i++) expect(await ask()).toBe('unavailable');
  expect(link.via).toBe('https');
  const busy = createAutoLink({
    https: { escalate: async () => ({ ...NOBODY, kind: 'unavailable', status: 503 }) as never },
    mqtt: { escalate: async () => ANSWERED },
    bridged: () => true,
    check: async () => true,
    log: QUIET,
  });
  for (let i = 0; i < 5; i++) await busy.escalate(BATCH, NEVER);
  expect(busy.via).toBe('https');
});

test('HTTPS is taken again after three good checks in a row, made beside the requests', async () => {
  const { world, link, ask } = setUp();
  world.https = false;
  await ask();
  await ask();
  for (let i = 0; i < 2; i++) await ask(10_000);
  expect(world.checks).toBe(0);
  await ask(10_000);
  expect(world.checks).toBe(1);
  world.https = true;
  for (let i = 0; i < 3; i++) {
    expect(link.via).toBe('mqtt');
    expect(await ask(10_000)).toBe('answered');
  }
  expect(link).toMatchObject({ via: 'https', switches: 2 });
});

test('HTTPS that fails again soon has to wait for twice as long each time', async () => {
  const { world, link, ask } = setUp();
  const holds: number[] = [];
  for (let round = 0; round < 4; round++) {
    world.https = false;
    while (link.via === 'https') await ask();
    const left = world.now;
    const checks = world.checks;
    world.https = true;
    while (world.checks === checks) await ask(1000);
    holds.push(world.now - left);
    while (link.via === 'mqtt') await ask(1000);
  }
  expect(holds).toEqual([30_000, 60_000, 120_000, 240_000]);
  // After a while of good service it starts anew.
  world.now += 60 * 60_000;
  world.https = false;
  while (link.via === 'https') await ask();
  const [left, checks] = [world.now, world.checks];
  while (world.checks === checks) await ask(1000);
  expect(world.now - left).toBe(30_000);
});

test('a bridge that does not answer is left for HTTPS', async () => {
  const { world, link, ask } = setUp();
  world.https = false;
  await ask();
  await ask();
  Object.assign(world, { mqtt: false, https: true });
  expect(await ask()).toBe('unavailable');
  expect(await ask()).toBe('unavailable');
  expect(link.via).toBe('https');
  expect(await ask()).toBe('answered');
});

test('whatever fails, it never changes its way more than once in two requests', async () => {
  const step = fc.record({
    https: fc.boolean(),
    mqtt: fc.boolean(),
    bridged: fc.boolean(),
    afterMs: fc.integer({ min: 0, max: 60_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { world, link, ask } = setUp();
      for (const { afterMs, ...now } of steps) {
        const before = link.switches;
        Object.assign(world, now);
        await ask(afterMs);
        expect(link.switches - before).toBeLessThanOrEqual(1);
      }
      expect(link.switches).toBeLessThanOrEqual(Math.ceil(steps.length / 2));
    }),
  );
});

test.skipIf(skipMosquitto)('a cut cable to the edge leads over the bridge', async () => {
  const made: TestBundle = await createTestBundle();
  const edge = await startEdgeServer(made);
  const broker = await startMosquitto();
  const cable = await startTcpProxy(Number(new URL(edge.url).port));
  const url = `http://127.0.0.1:${cable.port}`;
  const bridge = await startBridge(broker.url, edge.url);
  const transport = await connectTo(broker.url);
  try {
    const mqtt = await connectLink(transport);
    const check = createEdgeHealth({ url, timeoutMs: 1000 });
    expect(await check()).toBe(true);
    const auto = createAutoLink({
      https: createEdgeClient({ url, key: EDGE_KEY, timeoutMs: 1000 }),
      mqtt,
      bridged: () => true,
      check,
      log: QUIET,
    });
    const rows = createTestRows(made.bundle.input, 3);
    const batch = { rows, bundle: made.sha256, model: 'test-model' };
    expect(await auto.escalate(batch, NEVER)).toMatchObject({ kind: 'answered' });
    expect(auto.via).toBe('https');
    await cable.close();
    expect(await check()).toBe(false);
    await poll('an answer', async () => (await auto.escalate(batch, NEVER)).kind === 'answered');
    expect(auto.via).toBe('mqtt');
  } finally {
    await transport.close();
    await bridge.stop();
    await broker.dispose();
    await edge.stop();
  }
});

test('createEdgeHealth() takes no page of somebody else for the edge', async () => {
  const made = await createTestBundle();
  const edge = await startEdgeServer(made);
  expect(await createEdgeHealth({ url: edge.url, timeoutMs: 1000 })()).toBe(true);
  expect(await createEdgeHealth({ url: `${edge.url}/portal`, timeoutMs: 1000 })()).toBe(false);
  await edge.stop();
  expect(await createEdgeHealth({ url: edge.url, timeoutMs: 1000 })()).toBe(false);
});
