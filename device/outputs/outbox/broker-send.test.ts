import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { createMqttTransport, PublishError } from '../../mqtt/index.ts';
import { createBackoff } from '../../retry/index.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { poll } from '../../testing/poll.ts';
import { createBrokerSend } from './broker-send.ts';
import { createDrain } from './drain.ts';
import type { Message } from './message.ts';
import { openOutbox } from './outbox.ts';

const message = (seq: number): Message => ({
  class: 'prediction',
  seq,
  id: `m${seq}`,
  destination: `d/${seq}`,
  payload: new Uint8Array([seq]),
  created: 0,
  ageMs: 0,
  expiresInMs: 90_500,
});

/** A transport whose publishes end as `outcome` says. */
function fake(outcome: (topic: string) => Error | undefined) {
  const published: { topic: string; expirySeconds: number | undefined }[] = [];
  return {
    published,
    state: { kind: 'connected', protocol: '5' } as const,
    async publish(topic: string, _: unknown, { expirySeconds }: { expirySeconds?: number } = {}) {
      published.push({ topic, expirySeconds });
      const error = outcome(topic);
      if (error) throw error;
    },
  };
}

test('createBrokerSend() gives a message no more time at the broker than it has left', async () => {
  const transport = fake(() => undefined);
  expect(await createBrokerSend({ transport })(message(1))).toEqual({ kind: 'acknowledged' });
  await createBrokerSend({ transport, maxExpirySeconds: 3600 })(message(2));
  await createBrokerSend({ transport, maxExpirySeconds: 60 })(message(3));
  expect(transport.published.map(({ expirySeconds }) => expirySeconds)).toEqual([
    undefined,
    91,
    60,
  ]);
});

test('createBrokerSend() holds a refusal against the message only where others get through', async () => {
  let denied = true;
  const transport = fake((topic) =>
    denied || topic === 'd/1' ? new PublishError('refused', 'Not authorized') : undefined,
  );
  const send = createBrokerSend({ transport });
  for (let tries = 0; tries < 3; tries++) {
    expect(await send(message(1))).toMatchObject({ kind: 'unavailable', retryAfterMs: 30_000 });
  }
  denied = false;
  expect((await send(message(2))).kind).toBe('acknowledged');
  expect(await send(message(1))).toEqual({ kind: 'refused', reason: 'Not authorized' });
});

test('createBrokerSend() sends nothing while the broker is away', async () => {
  const transport = { ...fake(() => undefined), state: { kind: 'connecting' } as const };
  expect((await createBrokerSend({ transport })(message(1))).kind).toBe('unavailable');
  expect(transport.published).toEqual([]);
  const dropped = fake(() => new PublishError('dropped', 'full'));
  expect((await createBrokerSend({ transport: dropped })(message(1))).kind).toBe('unavailable');
});

test('a drain brings everything through a broker that restarts on the way', async ({ skip }) => {
  skip(skipMosquitto, 'mosquitto is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'dandan-broker-send-'));
  const broker = await startMosquitto();
  const common = {
    url: broker.url,
    backoff: createBackoff({ minMs: 20, maxMs: 100 }),
    log: createLogger({ write: () => {} }),
  };
  const reader = createMqttTransport({ ...common, clientId: 'reader' });
  const transport = createMqttTransport({
    ...common,
    clientId: 'gateway',
    backoff: createBackoff({ minMs: 20, maxMs: 100 }),
    onConnect: () => drain.wake(),
  });
  const outbox = openOutbox({ file: join(folder, 'outbox.sqlite'), maxRows: 1 });
  const stop = new AbortController();
  const drain = createDrain({
    outbox,
    classes: ['prediction'],
    send: createBrokerSend({ transport }),
    liveBusy: () => false,
    ratePerSecond: 500,
    burst: 10,
    backoff: createBackoff({ minMs: 20, maxMs: 100 }),
    log: common.log,
  });
  const heard = new Set<string>();
  try {
    await Promise.all([reader.connect(), transport.connect()]);
    await reader.subscribe('d/#', (_, payload) => heard.add(Buffer.from(payload).toString()));
    const ids = Array.from({ length: 300 }, (_, i) => `m${i}`);
    outbox.put(
      ids.map((id) => ({
        class: 'prediction',
        id,
        destination: `d/${id}`,
        payload: Buffer.from(id),
      })),
    );
    const running = drain.run(stop.signal);
    await poll('the first messages', () => heard.size > 50);
    await broker.stop();
    expect(outbox.takeMessages({ limit: 1 })).toHaveLength(1);
    await broker.start();
    await poll('an empty outbox', () => outbox.snapshot().prediction.waiting === 0);
    await poll('every message', () => heard.size === ids.length);
    stop.abort();
    await running;
    expect(outbox.snapshot().prediction).toMatchObject({ delivered: 300, deadLettered: 0 });
  } finally {
    stop.abort();
    await Promise.all([reader.close(), transport.close()]);
    await broker.dispose();
    outbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
