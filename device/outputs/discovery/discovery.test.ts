import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTopics, type Prediction } from '@dandan/shared/wire';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { createMqttTransport } from '../../mqtt/index.ts';
import { createBackoff } from '../../retry/index.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { poll } from '../../testing/poll.ts';
import {
  createAnnouncer,
  createHomeAssistant,
  MAX_ANNOUNCED,
  type OutputMessage,
  type OutputModel,
} from './index.ts';
import { objectId } from './object-id.ts';

const PLACE = { site: 'osaka', gateway: 'line_1' };
const topics = createTopics(PLACE);
const PRESS: OutputModel = { model: 'press', classes: ['ok', 'wear'] };
const OVEN: OutputModel = { model: 'oven', classes: ['cold', 'hot'] };
const homeAssistant = createHomeAssistant({ ...PLACE, topics, version: '0.1.0' });
const DAY = 86_400_000;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-discovery-'));
  file = join(folder, 'announced.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(models: readonly OutputModel[] = [PRESS], more: { fails?: boolean } = {}) {
  const world = { now: 1e12 };
  const sent: OutputMessage[] = [];
  const events: string[] = [];
  const announcer = createAnnouncer({
    homeAssistant,
    models,
    file,
    publish: async (message) => {
      sent.push(message);
      if (more.fails) throw new Error('queue full');
    },
    log: createLogger({ level: 'debug', write: (line) => events.push(JSON.parse(line).event) }),
    forgetAfterMs: 30 * DAY,
    now: () => world.now,
  });
  announcer.start();
  sent.length = 0;
  const note = (asset: string, model = 'press') => announcer.note({ asset, model });
  return { announcer, world, sent, events, note };
}

const json = ({ payload }: OutputMessage) => JSON.parse(payload);

test('names of entities differ where names differ, and are what Home Assistant takes', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,12}$/);
  const names = fc.array(name, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(names, names, (a, b) => {
      expect(objectId(...a)).toMatch(/^[A-Za-z0-9_-]+$/);
      if (JSON.stringify(a) !== JSON.stringify(b)) expect(objectId(...a)).not.toBe(objectId(...b));
    }),
    { numRuns: 1000 },
  );
});

test('an asset is one device, below the gateway, available while the gateway is', () => {
  const { topic, shared, components } = homeAssistant.asset('press-1', [PRESS]);
  expect(topic).toBe('homeassistant/device/dandan_-osaka_-line__1_-press-1/config');
  expect(shared).toMatchObject({
    device: { via_device: 'dandan_-osaka_-line__1', name: 'press-1' },
    origin: { name: 'dandan-gateway' },
    availability: [{ topic: topics.health, payload_available: 'online' }],
    state_topic: topics.prediction('press-1'),
  });
  expect(Object.values(components)).toMatchObject([
    { platform: 'sensor', device_class: 'enum', options: ['ok', 'wear'] },
    { platform: 'sensor', unit_of_measurement: '%' },
    { platform: 'sensor', entity_category: 'diagnostic' },
    { platform: 'binary_sensor', device_class: 'problem' },
  ]);
  const ids = Object.values(components).map(({ unique_id }) => unique_id);
  expect(new Set(ids).size).toBe(4);
});

test('entities of several models on one topic each read their own', () => {
  const { components } = homeAssistant.asset('press-1', [OVEN, PRESS]);
  const templates = Object.values(components).map(({ value_template }) => `${value_template}`);
  expect(templates.filter((each) => each.includes("value_json.model == 'oven'"))).toHaveLength(4);
  expect(templates.filter((each) => each.includes("value_json.model == 'press'"))).toHaveLength(4);
});

test('an asset is announced with its first prediction, and not again after a restart', () => {
  const { announcer, sent, note } = start();
  for (let i = 0; i < 3; i++) note('press-1');
  announcer.stop();
  expect(sent).toHaveLength(1);
  note('press-1', 'unknown');
  expect(sent).toHaveLength(1);
  const again = start();
  again.note('press-1');
  expect(again.sent).toEqual([]);
});

test('a second model changes the device; one that goes takes its entities with it', () => {
  const { announcer, sent, note } = start([PRESS, OVEN]);
  note('a');
  note('a', 'oven');
  expect(Object.keys(json(sent[1]).components)).toHaveLength(8);
  announcer.setModels([PRESS]);
  expect(sent).toHaveLength(4);
  const removal = Object.values(json(sent[2]).components) as object[];
  expect(removal.filter((each) => Object.keys(each).length === 1)).toHaveLength(4);
  expect(Object.keys(json(sent[3]).components)).toHaveLength(4);
  announcer.setModels([]);
  expect(sent[4]).toEqual({ topic: sent[0].topic, payload: '', retain: true });
  expect(announcer.snapshot().announced).toBe(0);
});

test('other classes of a new bundle are announced; the same ones are not', () => {
  const { announcer, sent, note } = start();
  note('a');
  announcer.setModels([{ ...PRESS }]);
  expect(sent).toHaveLength(1);
  announcer.setModels([{ ...PRESS, classes: ['ok', 'wear', 'broken'] }]);
  expect(JSON.stringify(json(sent[1]))).toContain('broken');
});

test('an asset that has gone quiet is removed, one that is heard of is not', () => {
  const { announcer, world, sent, note } = start();
  note('quiet');
  note('busy');
  world.now += 20 * DAY;
  note('busy');
  world.now += 11 * DAY;
  announcer.tick();
  expect(sent.slice(2)).toEqual([
    { topic: homeAssistant.assetTopic('quiet'), payload: '', retain: true },
  ]);
  expect(announcer.snapshot().announced).toBe(1);
});

test('made-up assets fill nothing', () => {
  const { announcer, note, events } = start();
  for (let i = 0; i < MAX_ANNOUNCED + 5; i++) note(`asset-${i}`);
  expect(announcer.snapshot()).toMatchObject({ announced: MAX_ANNOUNCED, notAnnounced: 5 });
  expect(events).toEqual(['announcements-full']);
});

test('repeat() says all again, clear() takes all back', () => {
  const { announcer, sent, note } = start();
  note('a');
  announcer.repeat();
  expect(sent).toHaveLength(3);
  announcer.clear();
  announcer.stop();
  expect(sent.slice(3).map(({ payload }) => payload)).toEqual(['', '']);
  expect(start().announcer.snapshot().announced).toBe(0);
});

test('a damaged file and a broker that takes nothing cost announcements only', async () => {
  writeFileSync(file, '{"schema":1,"assets":{"a":{}}}');
  const { note, events } = start([PRESS], { fails: true });
  note('a');
  await poll('the complaint', () => events.includes('announcement-not-published'));
  expect(events).toContain('announcements-unusable');
});

describe.skipIf(skipMosquitto)('on mosquitto', () => {
  test('a late listener finds what was announced, and nothing of what was removed', async () => {
    const broker = await startMosquitto();
    const open = async (clientId: string) => {
      const transport = createMqttTransport({
        url: broker.url,
        clientId,
        backoff: createBackoff({ minMs: 10, maxMs: 50 }),
        log: createLogger({ write: () => {} }),
      });
      await transport.connect();
      return transport;
    };
    const gateway = await open('gateway');
    const announcer = createAnnouncer({
      homeAssistant,
      models: [PRESS],
      file,
      publish: ({ topic, payload, retain }) => gateway.publish(topic, payload, { retain }),
      log: createLogger({ write: () => {} }),
      forgetAfterMs: 0,
    });
    announcer.start();
    for (const asset of ['a', 'b.2']) announcer.note({ asset, model: 'press' } as Prediction);
    await gateway.drain();
    async function find(name: string): Promise<string[]> {
      const listener = await open(name);
      const found: string[] = [];
      await listener.subscribe('homeassistant/#', (topic, payload) => {
        if (payload.byteLength > 0) found.push(topic);
      });
      await listener.subscribe('end', () => found.push('end'));
      await gateway.publish('end', 'end');
      await poll('the end', () => found.includes('end'));
      await listener.close();
      return found.filter((topic) => topic !== 'end').sort();
    }
    expect(await find('early')).toEqual(
      [
        homeAssistant.assetTopic('a'),
        homeAssistant.assetTopic('b.2'),
        homeAssistant.gateway().topic,
      ].sort(),
    );
    announcer.clear();
    await gateway.drain();
    expect(await find('late')).toEqual([]);
    await gateway.close();
    await broker.dispose();
  });
});
