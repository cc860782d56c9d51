import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTopics, parseTelemetry } from '@dandan/shared/wire';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from '../log/index.ts';
import { createMqttTransport } from '../mqtt/index.ts';
import { createBackoff } from '../retry/index.ts';
import { startAedes } from '../testing/aedes.ts';
import type { TestBroker } from '../testing/broker.ts';
import { skipMosquitto, startMosquitto } from '../testing/mosquitto.ts';
import { poll } from '../testing/poll.ts';
import { type SimulateOptions, simulate } from './simulate.ts';
import { openPlant } from './sources/index.ts';

const PLACE = { site: 'osaka', gateway: 'line-1' };
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(broker: TestBroker) {
  cleanups.push(() => broker.dispose());
  const reader = createMqttTransport({
    url: broker.url,
    clientId: 'reader',
    backoff: createBackoff({ minMs: 20, maxMs: 50 }),
    log: createLogger({ write: () => {} }),
  });
  cleanups.push(() => reader.close());
  const topics = createTopics(PLACE);
  const messages: { topic: string; payload: Uint8Array }[] = [];
  await reader.connect();
  await reader.subscribe(topics.telemetryFilter, (topic, payload) => {
    messages.push({ topic, payload });
  });
  const samples = () =>
    messages.flatMap(({ topic, payload }) => {
      try {
        return parseTelemetry({ ...topics.parseTelemetry(topic)!, payload, receivedAt: 0 });
      } catch {
        return [];
      }
    });
  return { messages, samples };
}

function options(broker: TestBroker, changes: Partial<SimulateOptions> = {}): SimulateOptions {
  return {
    ...PLACE,
    source: openPlant({ lines: 1, machinesPerLine: 3, durationMs: 3_600_000 }),
    connection: { url: broker.url, clientId: 'simulate', sessionSeconds: 0 },
    faults: {},
    pace: { kind: 'max' },
    signal: new AbortController().signal,
    ...changes,
  };
}

const { signal } = new AbortController();

async function expectedSamples() {
  const samples = [];
  for await (const batch of options({} as TestBroker).source.read(signal)) samples.push(...batch);
  return samples;
}

const brokers = [
  ['mosquitto, MQTT 5', skipMosquitto, startMosquitto],
  ['aedes, MQTT 3.1.1', false, () => startAedes()],
] as const;

test.for(brokers)('every sample arrives at %s, in order', async ([, missing, start], { skip }) => {
  skip(missing, 'mosquitto is not installed');
  const broker = await start();
  const { samples } = await listen(broker);
  const result = await simulate(options(broker));
  const expected = await expectedSamples();
  expect(result).toMatchObject({ complete: true, refused: 0, resent: 0, samples: expected.length });
  expect(result.acknowledged).toBe(result.messages);
  await poll('all samples', () => samples().length >= expected.length);
  expect(samples()).toEqual(expected);
});

test('QoS 0 sends the same', async () => {
  const broker = await startAedes();
  const { samples } = await listen(broker);
  const result = await simulate(options(broker, { qos: 0, pace: { kind: 'speed', factor: 1e6 } }));
  expect(result.acknowledged).toBe(result.messages);
  const expected = await expectedSamples();
  await poll('all samples', () => samples().length >= expected.length);
});

test('the truth file tells what a reader finds', async () => {
  const broker = await startAedes();
  const { messages, samples } = await listen(broker);
  const folder = await mkdtemp(join(tmpdir(), 'dandan-truth-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const truthFile = join(folder, 'truth.ndjson');
  const faults = { drop: 0.1, garbage: 0.1, duplicate: 0.1, reorderMs: 60_000 };
  const result = await simulate(options(broker, { faults, truthFile }));
  const truths = (await readFile(truthFile, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (kind: string) => truths.filter(({ fault }) => fault === kind);
  expect(result.injected).toEqual({
    drop: of('drop').length,
    duplicate: of('duplicate').length,
    garbage: of('garbage').length,
    reorder: 1,
  });
  await poll('all messages', () => messages.length >= result.messages);
  const lost = of('drop').reduce((sum, { amount }) => sum + amount, 0);
  const seen = new Set(samples().map(({ asset, channel, time }) => `${asset}/${channel}@${time}`));
  expect(seen.size).toBe((await expectedSamples()).length - lost);
});

test('what a broker that restarts had not acknowledged is sent again', async ({ skip }) => {
  skip(skipMosquitto, 'mosquitto is not installed');
  const broker = await startMosquitto();
  const { samples } = await listen(broker);
  let restart: Promise<void> | undefined;
  const result = await simulate(
    options(broker, {
      onProgress({ messages }) {
        if (messages === 100) restart = broker.stop().then(() => broker.start());
      },
    }),
  );
  await restart;
  expect(result).toMatchObject({ complete: true, reconnects: 1 });
  expect(result.acknowledged).toBe(result.messages);
  // The reader was away, too; what it was sent before or after is all it can have.
  expect(samples().length).toBeGreaterThan(0);
});

test('a simulation that is told to stop waits for what is in flight', async () => {
  const broker = await startAedes();
  await listen(broker);
  const stop = new AbortController();
  const result = await simulate(
    options(broker, {
      rounds: Number.POSITIVE_INFINITY,
      signal: stop.signal,
      onProgress: ({ messages }) => messages === 2000 && stop.abort(),
    }),
  );
  expect(result).toMatchObject({ complete: false, messages: 2000, acknowledged: 2000 });
});

test('a broker that does not acknowledge holds the simulation back', async () => {
  let held = 0;
  const pending: (() => void)[] = [];
  const broker = await startAedes({
    authorizePublish: (client, packet, done) => {
      if (!packet.topic.includes('telemetry') || client?.id !== 'simulate') return done(null);
      held++;
      pending.push(() => done(null));
    },
  });
  cleanups.push(() => broker.dispose());
  const running = simulate(options(broker, { source: openPlant({ durationMs: 3_600_000 }) }));
  await poll('a full window', () => held >= 1);
  let most = 0;
  const release = setInterval(() => {
    most = Math.max(most, pending.length);
    for (const done of pending.splice(0)) done();
  }, 1);
  const result = await running;
  clearInterval(release);
  expect(most).toBeLessThanOrEqual(256);
  expect(result.acknowledged).toBe(result.messages);
});

test('what cannot be reached or written is refused by flag', async () => {
  const broker = await startAedes();
  cleanups.push(() => broker.dispose());
  const truthFile = '/proc/nothing/truth.ndjson';
  await expect(simulate(options(broker, { truthFile }))).rejects.toMatchObject({
    code: 'output-unwritable',
  });
  await broker.stop();
  await expect(simulate(options(broker))).rejects.toMatchObject({ code: 'broker-unreachable' });
});

test('a table that breaks off midway names its line, after what was read was sent', async () => {
  const broker = await startAedes();
  const { messages } = await listen(broker);
  const folder = await mkdtemp(join(tmpdir(), 'dandan-broken-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'x.csv');
  const rows = Array.from({ length: 20_000 }, (_, i) => `${1_767_592_800 + i},a,${i}\n`).join('');
  await writeFile(file, `t,asset,flow\n${rows}oops\n`);
  const { openCsv } = await import('./sources/index.ts');
  const running = simulate(options(broker, { source: openCsv({ file }) }));
  await expect(running).rejects.toMatchObject({ code: 'data-invalid', field: 'x.csv:20002' });
  expect(messages.length).toBeGreaterThan(1000);
});
