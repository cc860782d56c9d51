import { type BridgeStatus, createBridgeTopics, MAX_SERVED } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MessageDetails, MessageHandler } from '../../mqtt/index.ts';
import { createBridgeWatch } from './bridge-watch.ts';

const STATUS: BridgeStatus = {
  status: 'online',
  bridge: 'bridge-1',
  serves: ['osaka/*'],
  edge: 'unknown',
  maxBytes: 1000,
  since: 0,
};

/** A watch, and how the broker speaks to it. */
async function setUp() {
  const watch = createBridgeWatch({ site: 'osaka', gateway: 'line-1' });
  let handler: MessageHandler = () => {};
  await watch.start({
    async subscribe(_filter, given) {
      handler = given;
    },
  });
  const details: MessageDetails = {
    retained: true,
    duplicate: false,
    packetId: 1,
    hold: () => () => {},
  };
  const say = (change: object, topic?: string) => {
    const status = { ...STATUS, ...change };
    const own = topic ?? createBridgeTopics(status.bridge).status;
    handler(own, Buffer.from(JSON.stringify(status)), details);
  };
  const raw = (topic: string, payload: Uint8Array) => handler(topic, payload, details);
  return { watch, say, raw };
}

test('a bridge is known while it is online and serves this gateway', async () => {
  const { watch, say, raw } = await setUp();
  expect(watch.bridge()).toBeUndefined();
  say({});
  expect(watch.bridge()).toEqual(STATUS);
  say({ serves: ['osaka/line-2', 'kobe/*'] });
  expect(watch.bridge()).toBeUndefined();
  say({ serves: ['osaka/line-1'] });
  say({ status: 'offline' });
  expect(watch.bridge()).toBeUndefined();
  say({});
  raw(createBridgeTopics('bridge-1').status, new Uint8Array());
  expect(watch.bridge()).toBeUndefined();
});

test('a bridge that has the edge comes before one that has lost it', async () => {
  const { watch, say } = await setUp();
  say({ edge: 'down' });
  expect(watch.bridge()?.bridge).toBe('bridge-1');
  say({ bridge: 'bridge-2', edge: 'up' });
  expect(watch.bridge()?.bridge).toBe('bridge-2');
});

test('nobody can be a bridge under the topic of another, and a flood of names is bounded', async () => {
  const { watch, say } = await setUp();
  say({ bridge: 'bridge-2' }, createBridgeTopics('bridge-1').status);
  expect(watch.bridge()).toBeUndefined();
  for (let i = 0; i < 100; i++) say({ bridge: `b-${i}`, edge: 'down' });
  say({ bridge: 'late', edge: 'up' });
  expect(watch.bridge()?.bridge).toBe('b-0');
  say({ bridge: 'b-0', status: 'offline' });
  say({ bridge: 'late', edge: 'up' });
  expect(watch.bridge()?.bridge).toBe('late');
});

test('whatever is said on the broker, nothing is thrown', async () => {
  const { watch, say, raw } = await setUp();
  const { status: topic } = createBridgeTopics('bridge-1');
  fc.assert(fc.property(fc.uint8Array(), (bytes) => raw(topic, bytes)));
  fc.assert(fc.property(fc.json(), (text) => raw(topic, Buffer.from(text))));
  say({ serves: Array.from({ length: MAX_SERVED + 1 }, () => 'osaka/*') });
  say({ maxBytes: 1e12 });
  raw(topic, Buffer.alloc(1_000_000, ' '));
  expect(watch.bridge()).toBeUndefined();
});
