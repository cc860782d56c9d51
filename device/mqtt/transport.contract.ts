// What holds for the transport on every broker and protocol version.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../log/index.ts';
import { createBackoff } from '../retry/index.ts';
import type { TestBroker } from '../testing/broker.ts';
import { poll } from '../testing/poll.ts';
import { startTcpProxy } from '../testing/tcp-proxy.ts';
import { createMqttTransport, type MqttTransportOptions } from './mqtt-transport.ts';
import type { Protocol, Transport } from './transport.ts';

export interface TransportContract {
  readonly title: string;
  /** True: the broker is not on this machine. */
  readonly skip: boolean;
  readonly startBroker: () => Promise<TestBroker>;
  readonly protocol: Protocol | 'auto';
  /** The version that the transport must arrive at. */
  readonly expected: Protocol;
}

export function testTransport(contract: TransportContract): void {
  describe.skipIf(contract.skip)(`Transport on ${contract.title}`, () => {
    let broker: TestBroker;
    const transports: Transport[] = [];
    let clients = 0;

    beforeAll(async () => {
      broker = await contract.startBroker();
      return () => broker.dispose();
    });
    afterEach(async () => {
      await Promise.all(transports.splice(0).map((transport) => transport.close()));
    });

    function create(options: Partial<MqttTransportOptions> = {}): Transport {
      const transport = createMqttTransport({
        url: broker.url,
        clientId: `contract-${++clients}`,
        protocol: contract.protocol,
        backoff: createBackoff({ minMs: 20, maxMs: 100 }),
        log: createLogger({ write: () => {} }),
        ...options,
      });
      transports.push(transport);
      return transport;
    }

    async function listen(filter: string): Promise<{ messages: string[]; transport: Transport }> {
      const messages: string[] = [];
      const transport = create();
      await transport.connect();
      await transport.subscribe(filter, (topic, payload) =>
        messages.push(`${topic} ${Buffer.from(payload)}`),
      );
      return { messages, transport };
    }

    test('connect() arrives at the expected protocol version', async () => {
      const transport = create();
      expect(transport.state).toEqual({ kind: 'connecting' });
      await transport.connect();
      expect(transport.state).toEqual({ kind: 'connected', protocol: contract.expected });
      await transport.close();
      expect(transport.state).toEqual({ kind: 'closed' });
    });

    test('publish() resolves with the acknowledgement, and subscribers get the message', async () => {
      const { messages } = await listen('a/+');
      const transport = create();
      await transport.connect();
      await transport.publish('a/1', 'text');
      await transport.publish('a/2', new Uint8Array([0x62, 0x79]));
      await transport.publish('b/1', 'elsewhere');
      expect(transport.waiting).toBe(0);
      await poll('two messages', () => messages.length >= 2);
      expect(messages).toEqual(['a/1 text', 'a/2 by']);
    });

    test('publish() without waiting keeps the order of thousands', async () => {
      const { messages } = await listen('many');
      const transport = create();
      await transport.connect();
      const expected = Array.from({ length: 3000 }, (_, i) => `many ${i}`);
      await Promise.all(expected.map((_, i) => transport.publish('many', `${i}`)));
      await poll('all messages', () => messages.length >= expected.length);
      expect(messages).toEqual(expected);
    });

    test('publish() while the broker is away is delivered when it is back', async () => {
      const transport = create();
      await transport.connect();
      await broker.stop();
      await poll('the loss', () => transport.state.kind === 'connecting');
      const publishes = [1, 2, 3].map((i) => transport.publish(`away/${i}`, 'x', { retain: true }));
      expect(transport.waiting).toBe(3);
      await broker.start();
      await Promise.all(publishes);
      const { messages } = await listen('away/#');
      await poll('three messages', () => messages.length >= 3);
      expect(messages.sort()).toEqual(['away/1 x', 'away/2 x', 'away/3 x']);
    });

    test('subscribe() holds after a restart of the broker', async () => {
      const { messages, transport } = await listen('again');
      await broker.stop();
      await poll('the loss', () => transport.state.kind === 'connecting');
      await broker.start();
      await poll('the reconnect', () => transport.state.kind === 'connected');
      const sender = create();
      await sender.connect();
      await poll('a message', async () => {
        await sender.publish('again', 'x');
        return messages.length > 0;
      });
    });

    test('publish() beyond the bound drops the oldest', async () => {
      const transport = create({ maxWaiting: 2 });
      const outcomes = Promise.allSettled(
        ['a', 'b', 'c'].map((name) => transport.publish(`bound/${name}`, name)),
      );
      await transport.connect();
      const [first, ...others] = await outcomes;
      expect(first).toMatchObject({ status: 'rejected', reason: { reason: 'dropped' } });
      expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    });

    test('the will is retained when the connection breaks, and not sent by close()', async () => {
      const will = (payload: string) => ({ topic: 'will/status', payload });
      const polite = create({ will: will('polite') });
      await polite.connect();
      await polite.publish('will/status', 'online', { retain: true });
      await polite.close();
      const { messages } = await listen('will/status');
      await poll('the retained status', () => messages.length > 0);
      expect(messages).toEqual(['will/status online']);

      const cable = await startTcpProxy(Number(new URL(broker.url).port));
      try {
        const url = `mqtt://127.0.0.1:${cable.port}`;
        await create({ will: will('broken'), url }).connect();
        cable.cut();
        await poll('the will', () => messages.includes('will/status broken'));
      } finally {
        await cable.close();
      }
    });

    test('hold() keeps a message at the broker until it is released, across connections', async () => {
      const cable = await startTcpProxy(Number(new URL(broker.url).port));
      try {
        const url = `mqtt://127.0.0.1:${cable.port}`;
        const sender = create();
        await sender.connect();
        const seen: { text: string; duplicate: boolean; release: () => void }[] = [];
        const reader = create({ url });
        await reader.connect();
        await reader.subscribe('held', (_, payload, { duplicate, hold }) =>
          seen.push({ text: `${Buffer.from(payload)}`, duplicate, release: hold() }),
        );
        for (const text of ['a', 'b', 'c']) await sender.publish('held', text);
        await poll('three messages', () => seen.length >= 3);
        // In another order than they came: only b stays.
        seen[2].release();
        seen[0].release();
        // The broker has read both once it has answered what was sent after them.
        await reader.publish('elsewhere', 'x');
        cable.cut();
        await poll('the message again', () => seen.length >= 4);
        expect(seen[3].text).toBe('b');
        // aedes sends again without saying so.
        expect(seen[3].duplicate).toBe(!contract.title.startsWith('aedes'));
        seen[3].release();
        // One that is late, from a connection that is gone, acknowledges nothing.
        seen[1].release();
        await reader.publish('elsewhere', 'x');
        cable.cut();
        await poll('the reconnect', () => reader.state.kind === 'connected');
        await sender.publish('held', 'd');
        await poll('the next message', () => seen.length >= 5);
        expect(seen.slice(4).map(({ text }) => text)).toEqual(['d']);
      } finally {
        await cable.close();
      }
    });

    test('connect() goes on to the next broker where one is away', async () => {
      const transport = create({ url: ['mqtt://127.0.0.1:1', 'mqtt://127.0.0.1:2', broker.url] });
      await transport.connect();
      expect(transport.state.kind).toBe('connected');
    });

    test('close() fails what waits and refuses more', async () => {
      const transport = create();
      const waiting = transport.publish('closed', 'x');
      const outcome = expect(waiting).rejects.toMatchObject({ reason: 'closed' });
      await transport.close();
      await outcome;
      await expect(transport.publish('closed', 'x')).rejects.toMatchObject({ reason: 'closed' });
    });

    test('connect() ends with its signal while the broker is away', async () => {
      const transport = create({ url: 'mqtt://127.0.0.1:1' });
      const signal = AbortSignal.timeout(50);
      const error: unknown = await transport.connect({ signal }).catch((reason) => reason);
      expect(error).toBe(signal.reason);
      expect(signal.aborted).toBe(true);
    });

    test('drain() resolves when nothing waits and ends with its signal', async () => {
      const transport = create();
      const publish = transport.publish('drain', 'x');
      const signal = AbortSignal.timeout(20);
      const error: unknown = await transport.drain({ signal }).catch((reason) => reason);
      expect(error).toBe(signal.reason);
      expect(signal.aborted).toBe(true);
      await transport.connect();
      await Promise.all([publish, transport.drain()]);
      expect(transport.waiting).toBe(0);
    });
  });
}
