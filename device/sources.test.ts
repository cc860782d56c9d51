// Senders of three kinds on two brokers, and a gateway that is killed in between: what each of them
// means is the same to the model.
import { connectAsync, type MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { message, type UMetric } from './sources/sparkplug/testing/messages.ts';
import { skipMosquitto, startMosquitto } from './testing/mosquitto.ts';
import { startPlant } from './testing/plant.ts';
import { poll } from './testing/poll.ts';
import { createMessages, type TestMessage } from './testing/telemetry.ts';
import { TEST_SPEC } from './testing/telemetry-spec.ts';

const CHANNELS = TEST_SPEC.channels.map(({ name }) => name);

/** Births and data of Tahu's encoder: names once, aliases from then on. */
function createEdgeNode(client: MqttClient) {
  let seq = 0;
  const send = (type: string, path: string, timestamp: number, metrics: UMetric[]) => {
    const { topic, payload } = message(type, path, { timestamp, seq, metrics });
    seq = (seq + 1) % 256;
    return client.publishAsync(topic, Buffer.from(payload), { qos: 1 });
  };
  return {
    /** Births say the values of their time, too. */
    async begin({ t, values }: TestMessage): Promise<void> {
      await send('NBIRTH', 'shop', t, [{ name: 'bdSeq', type: 'UInt64', value: 0 }]);
      const metrics = CHANNELS.map((name, alias) => ({
        name,
        alias,
        type: 'Double' as const,
        value: values[name],
        timestamp: t,
      }));
      await send('DBIRTH', 'shop/by-sparkplug', t, metrics);
    },
    report: ({ t, values }: TestMessage) =>
      send(
        'DDATA',
        'shop/by-sparkplug',
        t,
        CHANNELS.map((name, alias) => ({
          name: '',
          alias,
          type: 'Double' as const,
          value: values[name],
          timestamp: t,
        })),
      ),
  };
}

test.skipIf(skipMosquitto)(
  'a gateway reads its own topics, Sparkplug and mapped topics alike, across a kill',
  async () => {
    const shop = await startMosquitto();
    onTestFinished(() => shop.dispose());
    const plant = await startPlant({
      startBroker: () => startMosquitto(),
      config: {
        brokers: { shop: { url: shop.url } },
        telemetry: [
          { kind: 'dandan' },
          { kind: 'sparkplug', broker: 'shop', group: 'plant', rebirthIntervalMs: 0 },
          {
            kind: 'mapping',
            broker: 'shop',
            topic: 'factory/{asset}',
            values: '$.readings',
            time: { path: '$.at', unit: 'iso' },
          },
        ],
      },
    });
    onTestFinished(() => plant.dispose());
    const client = await connectAsync(shop.url, { protocolVersion: 5 });
    onTestFinished(() => client.endAsync(true).then(() => {}));
    const node = createEdgeNode(client);
    const messages = createMessages({ spec: TEST_SPEC, assets: 1, count: 60 });
    const report = async (each: TestMessage) => {
      await node.report(each);
      const at = new Date(each.t).toISOString();
      const payload = JSON.stringify({ at, readings: each.values });
      await client.publishAsync('factory/by-mapping', payload, { qos: 1 });
      await plant.probe.send([{ ...each, asset: 'by-dandan' }]);
    };

    let gateway = await plant.start();
    await poll('both brokers', () => gateway.err().split('"subscribed"').length > 3);
    await node.begin(messages[0]);
    for (const each of messages.slice(0, 30)) await report(each);
    gateway.child.kill('SIGKILL');
    await gateway.exit;
    // Aliases that nobody says again: the gateway has them from its journal.
    for (const each of messages.slice(30)) await report(each);
    gateway = await plant.start();

    const of = (asset: string) => {
      const final = [...plant.probe.last().values()].filter((each) => each.asset === asset);
      return final
        .filter(({ degraded }) => !degraded)
        .map(({ t, class: index, confidence, stage }) => ({ t, index, confidence, stage }))
        .sort((a, b) => a.t - b.t);
    };
    const rows = 10;
    await poll('all answers', () =>
      ['by-dandan', 'by-sparkplug', 'by-mapping'].every((asset) => of(asset).length >= rows),
    );
    expect(of('by-sparkplug')).toEqual(of('by-dandan'));
    expect(of('by-mapping')).toEqual(of('by-dandan'));
    expect(await plant.stop(gateway)).toMatchObject({ invalidMessages: 0 });
  },
  60_000,
);
