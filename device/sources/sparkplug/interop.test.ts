import type { Sample } from '@dandan/shared/features';
import { newClient } from 'sparkplug-client';
import { expect, onTestFinished, test } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { createMqttTransport } from '../../mqtt/index.ts';
import { createBackoff } from '../../retry/index.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { poll } from '../../testing/poll.ts';
import { createSparkplugSource } from './index.ts';
import { DEFAULTS, message, T0, tahu, type UMetric, type UPayload } from './testing/messages.ts';

/** An edge node of Eclipse Tahu's JavaScript implementation, with one device. */
async function startEdgeNode(url: string) {
  const client = newClient({
    serverUrl: url,
    username: '',
    password: '',
    groupId: 'plant',
    edgeNode: 'n',
    clientId: `edge-${process.pid}`,
    version: 'spBv1.0',
  });
  const state = { births: 0, rebirths: 0, connected: false };
  const unit = { engUnit: { type: 'String' as const, value: 'rpm' } };
  const publishBirths = () => {
    state.births++;
    client.publishNodeBirth({ timestamp: T0, metrics: [rebirthControl(false)] });
    const speed: UMetric = { name: 'Motor/Speed', type: 'Int32', value: -1, properties: unit };
    client.publishDeviceBirth('press', { timestamp: T0, metrics: [speed] });
  };
  client.on('birth', publishBirths);
  client.on('ncmd', ({ metrics }: UPayload) => {
    const wanted = metrics?.some(
      ({ name, value }) => name === 'Node Control/Rebirth' && value === true,
    );
    if (!wanted) return;
    state.rebirths++;
    publishBirths();
  });
  client.on('connect', () => {
    state.connected = true;
  });
  client.on('error', () => {});
  await poll('the edge node', () => state.connected);
  return {
    state,
    send(value: number, time: number) {
      const metrics: UMetric[] = [{ name: 'Motor/Speed', type: 'Int32', value }];
      client.publishDeviceData('press', { timestamp: time, metrics }, undefined);
    },
    sendCompressed(value: number, time: number) {
      const metrics: UMetric[] = [{ name: 'Motor/Speed', type: 'Int32', value }];
      const options = { compress: true, algorithm: 'GZIP' as const };
      client.publishDeviceData('press', { timestamp: time, metrics }, options);
    },
    stopDevice: () => client.publishDeviceDeath('press', { timestamp: T0 }),
    /** Cuts the connection without a word, as a power cut does. */
    cut() {
      const { client: connection } = client as unknown as {
        client: { end(force: boolean): void };
      };
      connection.end(true);
    },
  };
}

const rebirthControl = (value: boolean): UMetric => ({
  name: 'Node Control/Rebirth',
  type: 'Boolean',
  value,
});

test.skipIf(skipMosquitto)(
  'a source and an edge node of Tahu understand each other over mosquitto',
  async () => {
    const broker = await startMosquitto();
    onTestFinished(() => broker.dispose());
    const edge = await startEdgeNode(broker.url);
    onTestFinished(() => edge.cut());

    const source = createSparkplugSource({ ...DEFAULTS, rebirthIntervalMs: 1000 });
    const samples: Sample[] = [];
    const problems: string[] = [];
    let deaf = false;
    let receivedAt = T0;
    const transport = createMqttTransport({
      url: broker.url,
      clientId: `gateway-${process.pid}`,
      backoff: createBackoff({ minMs: 20, maxMs: 100 }),
      log: createLogger({ write: () => {} }),
    });
    onTestFinished(() => transport.close());
    await transport.connect();
    for (const filter of source.filters) {
      await transport.subscribe(filter, (topic, payload) => {
        expect(source.matches(topic)).toBe(true);
        if (deaf) {
          deaf = false;
          return;
        }
        const reading = source.read({ topic, payload, receivedAt, retained: false });
        samples.push(...reading.samples);
        problems.push(...reading.problems.map(({ message: text }) => text));
        for (const command of reading.commands) {
          void transport.publish(command.topic, command.payload);
        }
      });
    }
    const seen = (value: number) => samples.some((sample) => sample.value === value);

    // The births were before our time: data ask for them, and are read from then on.
    edge.send(-5, T0 + 1);
    await poll('births', () => source.counters().births === 2);
    expect(edge.state).toMatchObject({ births: 2, rebirths: 1 });
    expect(seen(-5)).toBe(false);
    edge.send(-6, T0 + 2);
    await poll('data', () => seen(-6));
    expect(samples).toEqual([
      { asset: 'press', channel: 'Motor.Speed', time: T0, value: -1, unit: 'rpm' },
      { asset: 'press', channel: 'Motor.Speed', time: T0 + 2, value: -6, unit: 'rpm' },
    ]);

    // A packed payload is read like any other.
    edge.sendCompressed(-7, T0 + 3);
    await poll('compressed data', () => seen(-7));

    // A message is lost on the way.
    receivedAt += 1000;
    deaf = true;
    edge.send(-8, T0 + 4);
    await poll('the lost message', () => !deaf);
    edge.send(-9, T0 + 5);
    await poll('births after a gap', () => source.counters().births === 4);
    expect(source.counters()).toMatchObject({ gaps: 1, rebirthRequests: 2 });
    expect([seen(-8), seen(-9)]).toEqual([false, true]);

    edge.stopDevice();
    await poll('the death of the device', () => source.counters().deaths === 1);
    expect(source.states().map(({ life }) => life)).toEqual(['live', 'stale']);
    edge.cut();
    await poll('the will', () => source.counters().deaths === 2);
    expect(source.states().map(({ life }) => life)).toEqual(['stale', 'stale']);
    expect(problems).toEqual([]);
  },
);

test('a request for births is what Tahu understands', () => {
  const source = createSparkplugSource(DEFAULTS);
  const payload: UPayload = { timestamp: T0, seq: 7, metrics: [] };
  const [command] = source.read(message('NDATA', 'n', payload)).commands;
  expect(command.topic).toBe('spBv1.0/plant/NCMD/n');
  expect(tahu.decodePayload(command.payload).metrics).toMatchObject([rebirthControl(true)]);
});
