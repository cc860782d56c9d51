import { createTopics, gatewayMetricsSchema } from '@dandan/shared/wire';
import { afterEach, describe, expect, test } from 'vitest';
import { startAedes } from './testing/aedes.ts';
import type { TestBroker } from './testing/broker.ts';
import { judge } from './testing/chaos/judge.ts';
import { EDGE_KEY } from './testing/edge-server.ts';
import type { GatewayProcess } from './testing/gateway-process.ts';
import { skipMosquitto, startMosquitto } from './testing/mosquitto.ts';
import { type Plant, type PlantOptions, startPlant } from './testing/plant.ts';
import { poll } from './testing/poll.ts';
import { TEST_SITE } from './testing/probe.ts';
import { createMessages, expectedPredictions, HISTORY_START } from './testing/telemetry.ts';
import { TEST_SPEC } from './testing/telemetry-spec.ts';

const STAGES = 1;
const topics = createTopics(TEST_SITE);
const plants: Plant[] = [];

afterEach(async () => {
  await Promise.all(plants.splice(0).map((plant) => plant.dispose()));
});

async function create(options: Partial<PlantOptions> = {}): Promise<Plant> {
  const startBroker = skipMosquitto ? () => startAedes() : () => startMosquitto();
  const plant = await startPlant({ startBroker, ...options });
  plants.push(plant);
  return plant;
}

/** Waits until the last word on every expected row is the expected one, bit for bit. */
/** @param least more predictions than this must be expected, or the test shows little. */
async function expectFinal(plant: Plant, messages: ReturnType<typeof createMessages>, least = 10) {
  const expected = expectedPredictions(plant.made, plant.spec, messages, STAGES);
  expect(expected.size).toBeGreaterThan(least);
  const { probe } = plant;
  await poll(`${expected.size} final predictions`, () => {
    const last = probe.last();
    return last.size >= expected.size && [...last.values()].every(({ degraded }) => !degraded);
  });
  expect(probe.last()).toEqual(expected);
  return expected;
}

const BROKERS: [string, boolean, string, () => Promise<TestBroker>][] = [
  ['mosquitto, MQTT 5', skipMosquitto, 'auto', () => startMosquitto()],
  ['mosquitto, MQTT 3.1.1', skipMosquitto, '3.1.1', () => startMosquitto()],
  ['aedes, by fallback to MQTT 3.1.1', false, 'auto', () => startAedes()],
];

describe.each(BROKERS)('dandan-gateway on %s', (_, skip, protocol, startBroker) => {
  test.skipIf(skip)(
    'turns telemetry into the predictions of the shared code, bit for bit',
    async () => {
      const plant = await create({ startBroker, protocol });
      const gateway = await plant.start();
      const messages = createMessages({ spec: plant.spec, count: 100 });
      await plant.probe.send(messages);
      const expected = [...(await expectFinal(plant, messages)).values()];
      const here = expected.filter(({ tier }) => tier === 'gateway').length;
      expect(here).toBeGreaterThan(5);
      expect(expected.length - here).toBeGreaterThan(5);
      expect(plant.probe.predictions).toHaveLength(expected.length);
      const final = gatewayMetricsSchema.parse(await plant.stop(gateway));
      expect(final).toMatchObject({
        samples: 2 * messages.length,
        invalidMessages: 0,
        rows: expected.length,
        byStage: [here],
        escalated: expected.length - here,
        edgeAnswers: expected.length - here,
        degraded: 0,
        pending: 0,
        requestFailures: 0,
      });
      expect(plant.probe.metrics.at(-1)).toEqual({ ...final, t: plant.probe.metrics.at(-1)?.t });
      expect(final.bytesUp).toBe(plant.edge.seen.reduce((sum, { bytes }) => sum + bytes, 0));
    },
  );
});

test('while the edge is down own answers come degraded, and its answers after it is back', async () => {
  const plant = await create();
  await plant.edge.stop();
  const gateway = await plant.start();
  const messages = createMessages({ spec: plant.spec });
  await plant.probe.send(messages);
  const expected = expectedPredictions(plant.made, plant.spec, messages, STAGES);
  await poll('a prediction for every row', () => plant.probe.last().size >= expected.size);
  const degraded = plant.probe.predictions.filter((prediction) => prediction.degraded);
  const beyond = [...expected.values()].filter(({ tier }) => tier === 'edge');
  expect(degraded.map(({ id }) => id).sort()).toEqual(beyond.map(({ id }) => id).sort());
  expect(degraded.every(({ tier, stage }) => tier === 'gateway' && stage === STAGES)).toBe(true);
  await poll('metrics', () => plant.probe.metrics.at(-1)?.pending === beyond.length);

  await plant.edge.start();
  await expectFinal(plant, messages);
  const final = await plant.stop(gateway);
  expect(final).toMatchObject({ pending: 0, degraded: beyond.length, edgeAnswers: beyond.length });
});

test('kill -9 with rows on disk loses none: the next process has them answered', async () => {
  const plant = await create();
  plant.edge.mode = { kind: 'status', status: 503 };
  const first = await plant.start();
  const messages = createMessages({ spec: plant.spec });
  await plant.probe.send(messages);
  const expected = expectedPredictions(plant.made, plant.spec, messages, STAGES);
  const beyond = [...expected.values()].filter(({ tier }) => tier === 'edge').length;
  await poll('rows on disk', () => plant.probe.metrics.at(-1)?.pending === beyond);
  first.child.kill('SIGKILL');
  expect(await first.exit).toBe('SIGKILL');
  await poll('the will', () => plant.probe.health.at(-1)?.status === 'offline');

  plant.edge.mode = { kind: 'well' };
  const second = await plant.start();
  await expectFinal(plant, messages);
  const final = await plant.stop(second);
  expect(final).toMatchObject({ edgeAnswers: beyond, pending: 0 });
  expect(final.replayedRows).toBe(expected.size);
  const { predictions } = plant.probe;
  expect(judge(expected, predictions)).toMatchObject({ wrong: 0, contradicted: 0, takenBack: 0 });
});

test('kill -9 between the edge and its answer: rows without any answer are asked for again', async () => {
  const plant = await create();
  plant.edge.mode = { kind: 'silent' };
  const first = await plant.start();
  const messages = createMessages({ spec: plant.spec });
  await plant.probe.send(messages);
  await poll('a request', () => plant.edge.seen.length > 0);
  first.child.kill('SIGKILL');
  await first.exit;
  plant.edge.mode = { kind: 'well' };
  const before = plant.edge.seen.reduce((sum, { rows }) => sum + rows, 0);
  const second = await plant.start();
  const done = await poll('the rows', () => {
    const metrics = plant.probe.metrics.at(-1);
    return metrics && metrics.replayedRows > 0 && metrics.pending === 0 && metrics;
  });
  expect(done.edgeAnswers).toBeGreaterThanOrEqual(before);
  const expected = expectedPredictions(plant.made, plant.spec, messages, STAGES);
  const answered = [...plant.probe.last().values()].filter(({ tier }) => tier === 'edge');
  expect(answered).toHaveLength(done.edgeAnswers);
  for (const prediction of answered) expect(prediction).toEqual(expected.get(prediction.id));
  await plant.stop(second);
});

test('an orderly restart in the middle of a window goes on where it was, and reads nothing again', async () => {
  const plant = await create();
  const first = await plant.start();
  const messages = createMessages({ spec: plant.spec, count: 60 });
  // Not at a row's edge: every asset has half a window of samples.
  const cut = messages.length / 2 + 9;
  await plant.probe.send(messages.slice(0, cut));
  await poll('samples', () => plant.probe.metrics.at(-1)?.samples === 2 * cut);
  await plant.stop(first);
  const second = await plant.start();
  await plant.probe.send(messages.slice(cut));
  await expectFinal(plant, messages);
  expect(second.err()).toContain('"replayed":0');
  expect(await plant.stop(second)).toMatchObject({
    replayedRows: 0,
    samples: 2 * (messages.length - cut),
  });
});

test('a restart of the broker interrupts nothing but the time it takes', async () => {
  const plant = await create();
  const gateway = await plant.start();
  const messages = createMessages({ spec: plant.spec });
  const half = messages.length / 2;
  const subscriptions = () =>
    [gateway.err().split('"subscribed"').length - 1, plant.probe.subscriptions()] as const;
  const before = subscriptions();
  expect(Math.min(...before)).toBeGreaterThan(0);
  await plant.probe.send(messages.slice(0, half));
  // The embedded broker forgets its readers: what is published before they are back, nobody reads.
  await expectFinal(plant, messages.slice(0, half), 5);
  await plant.broker.stop();
  await poll('the loss', () => gateway.err().includes('"broker-disconnected"'));
  await plant.broker.start();
  await poll('the subscriptions', () =>
    subscriptions().every((granted, i) => granted >= 2 * before[i]),
  );
  await plant.probe.send(messages.slice(half));
  await expectFinal(plant, messages);
  expect(await plant.stop(gateway)).toMatchObject({ pending: 0, dropped: 0, degraded: 0 });
});

test('bad messages are counted, logged once with the field, and stop nothing', async () => {
  const plant = await create();
  const gateway = await plant.start();
  for (const payload of [
    '{',
    'null',
    '{"values":{"vibration":"high"}}',
    '{"values":{"vibration":"low"}}',
  ]) {
    await plant.probe.sendRaw(topics.telemetry('asset-0'), payload);
  }
  await plant.probe.sendRaw(`${topics.telemetry('asset-0', 'a')}/b`, '1');
  const messages = createMessages({ spec: plant.spec });
  await plant.probe.send(messages);
  await expectFinal(plant, messages);
  expect(await plant.stop(gateway)).toMatchObject({ invalidMessages: 5 });
  const refusals = gateway
    .err()
    .split('\n')
    .filter((line) => line.includes('"message-refused"'))
    .map((line) => JSON.parse(line) as { field: string });
  expect(refusals.map(({ field }) => field)).toEqual(['payload', 'values.vibration', 'topic']);
});

test('an asset that falls silent live gets its last rows by the wall clock', async () => {
  const spec = { ...TEST_SPEC, windowMs: 1000, strideMs: 500 };
  const plant = await create({ spec });
  const gateway = await plant.start();
  const start = Math.ceil(Date.now() / 500) * 500;
  const messages = createMessages({ spec, assets: 1, count: 40, start });
  for (const message of messages) {
    await poll('its time', () => Date.now() >= message.t);
    await plant.probe.send([message]);
  }
  const later = { ...messages[0], t: (messages.at(-1)?.t ?? 0) + 750 };
  const expected = expectedPredictions(plant.made, spec, [...messages, later], STAGES);
  const byEventTime = expectedPredictions(plant.made, spec, messages, STAGES);
  expect(expected.size).toBeGreaterThan(byEventTime.size);
  await poll('the flushed rows', () =>
    [...expected.keys()].every((id) => plant.probe.last().has(id)),
  );
  for (const [id, prediction] of expected) {
    await poll('the final answer', () => plant.probe.last().get(id)?.stage === prediction.stage);
    expect(plant.probe.last().get(id)).toEqual(prediction);
  }
  await plant.stop(gateway);
});

function isAlive({ child }: GatewayProcess): boolean {
  try {
    return process.kill(child.pid ?? 0, 0);
  } catch {
    return false;
  }
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends the process: offline, last metrics, exit code 0',
  async (signal) => {
    const plant = await create();
    const gateway = await plant.start();
    await poll('health', () => plant.probe.health.at(-1)?.status === 'online');
    gateway.child.kill(signal);
    expect(await gateway.exit).toBe(0);
    expect(isAlive(gateway)).toBe(false);
    await poll('farewell', () => plant.probe.health.at(-1)?.status === 'offline');
    expect(plant.probe.health.at(-1)?.models).toEqual([
      { model: 'test-model', bundle: plant.made.sha256, stages: STAGES },
    ]);
    expect(gatewayMetricsSchema.parse(JSON.parse(gateway.out()))).toMatchObject({ rows: 0 });
    expect(`${gateway.out()}${gateway.err()}`).not.toContain(EDGE_KEY);
    expect(gateway.err()).not.toContain('ExperimentalWarning');
  },
);

test('SIGTERM before the broker was ever there ends the process as well', async () => {
  const plant = await create();
  await plant.broker.stop();
  const gateway = plant.spawn('run', '--config', plant.configFile);
  await poll('a try', () => gateway.err().includes('"broker-unavailable"'));
  gateway.child.kill('SIGTERM');
  expect(await gateway.exit).toBe(0);
});

test('a wrong key is told once, loses nothing, and never appears', async () => {
  const plant = await create();
  plant.edge.mode = { kind: 'status', status: 401 };
  const gateway = await plant.start();
  const messages = createMessages({ spec: plant.spec, start: HISTORY_START });
  await plant.probe.send(messages);
  await poll('the alert', () =>
    plant.probe.alerts.some(({ code }) => code === 'edge-unauthorised'),
  );
  plant.edge.mode = { kind: 'well' };
  await expectFinal(plant, messages);
  await plant.stop(gateway);
  expect(gateway.err()).not.toContain(EDGE_KEY);
});
