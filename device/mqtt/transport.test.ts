import { expect, test } from 'vitest';
import { createLogger } from '../log/index.ts';
import { createBackoff } from '../retry/index.ts';
import { startAedes } from '../testing/aedes.ts';
import { skipMosquitto, startMosquitto } from '../testing/mosquitto.ts';
import { createMqttTransport } from './mqtt-transport.ts';
import { openConnection } from './open-connection.ts';
import { testTransport } from './transport.contract.ts';

testTransport({
  title: 'mosquitto, MQTT 5',
  skip: skipMosquitto,
  startBroker: () => startMosquitto(),
  protocol: 'auto',
  expected: '5',
});

testTransport({
  title: 'mosquitto, MQTT 3.1.1',
  skip: skipMosquitto,
  startBroker: () => startMosquitto(),
  protocol: '3.1.1',
  expected: '3.1.1',
});

testTransport({
  title: 'aedes, which refuses MQTT 5',
  skip: false,
  startBroker: () => startAedes(),
  protocol: 'auto',
  expected: '3.1.1',
});

test('openConnection() tells a refused version', async () => {
  const broker = await startAedes();
  try {
    const options = { url: broker.url, clientId: 'refused' };
    await expect(openConnection(options, '5', () => {})).rejects.toMatchObject({
      name: 'ConnectionError',
      reason: 'protocol',
    });
  } finally {
    await broker.dispose();
  }
});

test.skipIf(skipMosquitto)(
  'openConnection() tells refused credentials, which no other version would cure',
  async () => {
    const broker = await startMosquitto({ config: ['allow_anonymous false'] });
    try {
      const options = { url: broker.url, clientId: 'stranger', username: 'x', password: 'y' };
      for (const protocol of ['5', '3.1.1'] as const) {
        await expect(openConnection(options, protocol, () => {})).rejects.toMatchObject({
          reason: 'credentials',
        });
      }
    } finally {
      await broker.dispose();
    }
  },
);

test('subscribe() rejects where the broker denies it', async () => {
  const broker = await startAedes({
    authorizeSubscribe: (_client, _filter, done) => done(null, null),
  });
  const transport = createMqttTransport({
    url: broker.url,
    clientId: 'denied',
    backoff: createBackoff({ minMs: 20, maxMs: 100 }),
    log: createLogger({ write: () => {} }),
  });
  try {
    await transport.connect();
    await expect(transport.subscribe('a/#', () => {})).rejects.toMatchObject({
      code: 'broker-refused',
    });
  } finally {
    await transport.close();
    await broker.dispose();
  }
});

test('subscribe() outlives a connection that breaks before the acknowledgement', async () => {
  let tries = 0;
  const broker = await startAedes({
    authorizeSubscribe(client, subscription, done) {
      if (++tries === 1) client?.conn.destroy();
      else done(null, subscription);
    },
  });
  const transport = createMqttTransport({
    url: broker.url,
    clientId: 'patient',
    backoff: createBackoff({ minMs: 20, maxMs: 100 }),
    log: createLogger({ write: () => {} }),
  });
  try {
    const subscribed = transport.subscribe('a/#', () => {});
    await transport.connect();
    await subscribed;
    expect(tries).toBe(2);
  } finally {
    await transport.close();
    await broker.dispose();
  }
});
