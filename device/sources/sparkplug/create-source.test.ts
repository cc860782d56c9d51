import { InputError } from '@dandan/shared/error';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reading } from '../source.ts';
import { createSparkplugSource, type SparkplugOptions } from './create-source.ts';
import {
  MAX_DEVICES_PER_NODE,
  MAX_KNOWN_METRICS,
  MAX_NODES,
  MAX_PROBLEMS_PER_MESSAGE,
} from './limits.ts';
import { bdSeq, DEFAULTS, message, T0, tahu, type UMetric } from './testing/messages.ts';

const create = (options: Partial<SparkplugOptions> = {}) =>
  createSparkplugSource({ ...DEFAULTS, ...options });

const speed = (value: number | null, more: Partial<UMetric> = {}): UMetric => ({
  name: 'Motor/Speed',
  alias: 1,
  type: 'Double',
  value,
  ...more,
});

/** A metric as data send it: by alias alone. */
const byAlias = (alias: number, value: number, more: Partial<UMetric> = {}) =>
  ({ alias, type: 'Double', value, ...more }) as UMetric;

/** A source with a live node `n`, whose device `d` has Motor/Speed as alias 1; next `seq` is 2. */
function createLive(options: Partial<SparkplugOptions> = {}) {
  const source = create(options);
  const births = [
    source.read(message('NBIRTH', 'n', { timestamp: T0, seq: 0, metrics: [bdSeq(4)] })),
    source.read(message('DBIRTH', 'n/d', { timestamp: T0, seq: 1, metrics: [speed(0)] })),
  ];
  for (const { commands, problems } of births) expect({ commands, problems }).toEqual(NOTHING);
  return source;
}

const NOTHING = { commands: [], problems: [] };
const asked = ({ commands }: Reading) => commands.map(({ topic }) => topic);
const values = ({ samples }: Reading) => samples.map(({ value }) => value);
const REBIRTH = ['spBv1.0/plant/NCMD/n'];

test('filters bring what nodes of the groups say, and no commands', () => {
  expect(create({ group: ['a', 'b', 'a'] }).filters).toHaveLength(12);
  expect(create({ group: ['a', 'b*'] }).filters).toEqual([
    'spBv1.0/+/NBIRTH/+',
    'spBv1.0/+/NDEATH/+',
    'spBv1.0/+/NDATA/+',
    'spBv1.0/+/DBIRTH/+/+',
    'spBv1.0/+/DDEATH/+/+',
    'spBv1.0/+/DDATA/+/+',
  ]);
});

test.each([
  ['spBv1.0/plant/NDATA/line-1', true],
  ['spBv1.0/plant/DDATA/line-1/press', true],
  ['spBv1.0/plant/DDATA/line-1/other', true],
  ['spBv1.0/plant/NDATA/cell-1', false],
  ['spBv1.0/other/NDATA/line-1', false],
  ['spBv1.0/plant/NDATA/line-1/press', false],
  ['spBv1.0/plant/DDATA/line-1', false],
  ['spBv1.0/plant/DDATA/line-1/press/x', false],
  ['spBv1.0/plant/DDATA/line-1/', false],
  ['spBv1.0/plant/NCMD/line-1', false],
  ['spBv1.0/STATE/host', false],
  ['spAv1.0/plant/NDATA/line-1', false],
  ['dandan/osaka/line-1/telemetry/press', false],
])('matches(%s) is %s', (topic, expected) => {
  const source = create({ nodes: ['line-*'], devices: ['press'] });
  expect(source.matches(topic)).toBe(expected);
});

test('read() takes values of births and of data by alias and by name', () => {
  const source = createLive();
  const times = { timestamp: T0 + 5 };
  const data = message('DDATA', 'n/d', {
    timestamp: T0 + 9,
    seq: 2,
    metrics: [byAlias(1, 7, times), { name: 'Motor/Speed', type: 'Double', value: 8 }],
  });
  expect(source.read(data)).toEqual({
    samples: [
      { asset: 'd', channel: 'Motor.Speed', time: T0 + 5, value: 7 },
      { asset: 'd', channel: 'Motor.Speed', time: T0 + 9, value: 8 },
    ],
    ...NOTHING,
  });
  const undated = message('DDATA', 'n/d', { seq: 3, metrics: [byAlias(1, 9)] }, { receivedAt: 77 });
  expect(source.read(undated).samples[0].time).toBe(77);
});

test('read() learns the type from the birth where data omit it', () => {
  const source = create();
  const metrics: UMetric[] = [bdSeq(0), { name: 'level', alias: 9, type: 'Int16', value: 0 }];
  source.read(message('NBIRTH', 'n', { timestamp: T0, seq: 0, metrics }));
  // Payload {metrics: [{alias: 9, int_value: 0xfffe}], seq: 1}.
  const bytes = [0x12, 6, 0x10, 9, 0x50, 0xfe, 0xff, 0x03, 0x18, 1];
  const reading = source.read(message('NDATA', 'n', Uint8Array.from(bytes)));
  expect(reading.samples).toMatchObject([{ asset: 'n', channel: 'level', value: -2 }]);
});

test('read() counts what is null, bad, skipped or of the protocol itself, and takes none of it', () => {
  const source = create();
  const quality = (value: number) => ({ Quality: { type: 'Int32' as const, value } });
  const metrics: UMetric[] = [
    bdSeq(0),
    { name: 'Node Control/Rebirth', type: 'Boolean', value: false },
    { name: 'maker', type: 'String', value: 'ACME' },
    { name: 'a', type: 'Boolean', value: null },
    { name: 'b', type: 'Double', value: null },
    { name: 'c', type: 'Double', value: 1, properties: quality(0) },
    { name: 'd', type: 'Double', value: 1, properties: quality(500) },
    { name: 'e', type: 'Double', value: 5, properties: quality(192) },
  ];
  const reading = source.read(message('NBIRTH', 'n', { timestamp: T0, seq: 0, metrics }));
  expect(reading.samples.map(({ channel }) => channel)).toEqual(['e']);
  expect(source.counters()).toMatchObject({ nullValues: 2, badValues: 2, skippedValues: 3 });
});

test('read() takes units of births, scales and renames by rules, and says what is historical', () => {
  const unit = (key: string, value: string) => ({ [key]: { type: 'String' as const, value } });
  const birth = message('DBIRTH', 'n/d', {
    timestamp: T0,
    seq: 1,
    metrics: [
      { name: 'a', type: 'Double', value: 1, properties: unit('engUnit', 'mm') },
      { name: 'b', type: 'Double', value: 2, properties: unit('Engineering Units', 'bar') },
      { name: 'c', type: 'Double', value: 3, properties: unit('engUnit', 'F') },
      { name: 'd', type: 'Double', value: 4, isHistorical: true },
    ],
  });
  const metrics = {
    b: { channel: 'pressure', scale: 1, offset: 0 },
    c: { channel: 'temperature', scale: 0.5, offset: -1 },
    d: { channel: 'flow', scale: 2, offset: 0, unit: 'l/s' },
  };
  const source = create({ metrics });
  expect(source.read(birth).samples).toEqual([
    { asset: 'd', channel: 'a', time: T0, value: 1, unit: 'mm' },
    { asset: 'd', channel: 'pressure', time: T0, value: 2, unit: 'bar' },
    { asset: 'd', channel: 'temperature', time: T0, value: 0.5 },
    { asset: 'd', channel: 'flow', time: T0, value: 8, unit: 'l/s', historical: true },
  ]);
  const listed = create({ metrics, listedOnly: true });
  expect(listed.read(birth).samples.map(({ channel }) => channel)).toEqual([
    'pressure',
    'temperature',
    'flow',
  ]);
});

test('read() composes assets and makes them levels of topics', () => {
  const source = create({ asset: '{group}-{node}:{device}', nodeAsset: 'node {node}' });
  const send = (type: string, path: string) =>
    source.read(message(type, path, { timestamp: T0, seq: 0, metrics: [speed(1)] })).samples[0];
  expect(send('NBIRTH', 'Line 1').asset).toBe('node_Line_1');
  expect(send('DBIRTH', 'Line 1/Press #2').asset).toBe('plant-Line_1:Press__2');
});

test('read() asks for births on data before any, once in the interval of message time', () => {
  const source = create();
  const data = (receivedAt: number, seq: number) =>
    source.read(message('DDATA', 'n/d', { seq, metrics: [byAlias(1, 7)] }, { receivedAt }));
  const first = data(T0, 7);
  expect(first.samples).toEqual([]);
  expect(asked(first)).toEqual(REBIRTH);
  expect(tahu.decodePayload(first.commands[0].payload)).toMatchObject({
    metrics: [{ name: 'Node Control/Rebirth', type: 'Boolean', value: true }],
  });
  expect(asked(data(T0 + 29_999, 8))).toEqual([]);
  expect(asked(data(T0 + 30_000, 9))).toEqual(REBIRTH);
  // A clock that is set back by a year does not silence the requests for a year.
  expect(asked(data(T0 - 3e10, 10))).toEqual(REBIRTH);
  source.read(message('NBIRTH', 'n', { seq: 0, metrics: [bdSeq(0)] }));
  source.read(message('DBIRTH', 'n/d', { seq: 1, metrics: [speed(0)] }));
  expect(asked(data(T0 + 90_000, 2))).toEqual([]);
  expect(source.counters()).toMatchObject({ rebirthRequests: 3, gaps: 0, births: 2 });
});

test('read() never asks where the interval is 0, but may read metrics that name themselves', () => {
  const named = message('DDATA', 'n/d', { timestamp: T0, seq: 7, metrics: [speed(3)] });
  const silent = create({ rebirthIntervalMs: 0 });
  expect(silent.read(named)).toEqual({ samples: [], ...NOTHING });
  const reading = create({ rebirthIntervalMs: 0, readBeforeBirth: true }).read(named);
  expect(reading.samples).toEqual([{ asset: 'd', channel: 'Motor.Speed', time: T0, value: 3 }]);
  const both = create({ readBeforeBirth: true }).read(named);
  expect(values(both)).toEqual([3]);
  expect(asked(both)).toEqual(REBIRTH);
});

test('read() asks on a gap in seq, keeps what came, and asks again until there is a birth', () => {
  const source = createLive();
  const data = (seq: number, receivedAt = T0) =>
    source.read(message('DDATA', 'n/d', { seq, metrics: [byAlias(1, seq)] }, { receivedAt }));
  expect(asked(data(2))).toEqual([]);
  const gap = data(4);
  expect(values(gap)).toEqual([4]);
  expect(asked(gap)).toEqual(REBIRTH);
  expect(asked(data(5))).toEqual([]);
  expect(asked(data(6, T0 + 30_000))).toEqual(REBIRTH);
  expect(source.counters()).toMatchObject({ gaps: 1, repeats: 0 });
});

test('seq wraps at 256, and a message that comes twice is no gap', () => {
  const source = createLive();
  const data = (seq: number) => message('DDATA', 'n/d', { seq, metrics: [byAlias(1, seq)] });
  for (let seq = 2; seq < 600; seq++) expect(asked(source.read(data(seq % 256)))).toEqual([]);
  expect(asked(source.read(data(599 % 256)))).toEqual([]);
  expect(source.counters()).toMatchObject({ gaps: 0, repeats: 1 });
  const odd = source.read(data(256));
  expect(odd.problems).toMatchObject([{ field: 'seq', value: 256, allowed: '0..255' }]);
});

test('seq runs over the messages of a node and all its devices, read or not', () => {
  const source = createLive({ devices: ['d'] });
  const send = (type: string, path: string, seq: number, metrics: UMetric[] = []) =>
    source.read(message(type, path, { seq, metrics }));
  expect(send('DBIRTH', 'n/e', 2, [speed(1)])).toEqual({ samples: [], ...NOTHING });
  expect(send('NDATA', 'n', 3)).toEqual({ samples: [], ...NOTHING });
  expect(send('DDATA', 'n/e', 4, [byAlias(1, 1)])).toEqual({ samples: [], ...NOTHING });
  expect(send('DDEATH', 'n/e', 5)).toEqual({ samples: [], ...NOTHING });
  expect(values(send('DDATA', 'n/d', 6, [byAlias(1, 5)]))).toEqual([5]);
});

test.each<[string, UMetric]>([
  ['an unknown alias', byAlias(2, 7)],
  ['another name under an alias', byAlias(1, 7, { name: 'Other' })],
  ['another type under an alias', byAlias(1, 7, { type: 'Int32' })],
  ['another type under a name', { name: 'Motor/Speed', type: 'Int32', value: 7 }],
])('read() does not take %s for what it was, and asks', (_, metric) => {
  const source = createLive();
  const reading = source.read(
    message('DDATA', 'n/d', { seq: 2, metrics: [metric, byAlias(1, 5)] }),
  );
  expect(values(reading)).toEqual([5]);
  expect(asked(reading)).toEqual(REBIRTH);
  expect(reading.problems).toMatchObject([{ code: 'payload-invalid', field: 'metrics' }]);
  expect(source.counters()).toMatchObject({ unknownMetrics: 1 });
});

test('data of a device between the birth of its node and its own are no reason to ask for ever', () => {
  const source = createLive();
  const send = (type: string, path: string, seq: number, metrics: UMetric[], ms = 0) =>
    source.read(message(type, path, { seq, metrics }, { receivedAt: T0 + ms }));
  send('NBIRTH', 'n', 0, [bdSeq(4)]);
  expect(asked(send('DDATA', 'n/d', 1, [byAlias(1, 5)]))).toEqual(REBIRTH);
  send('DBIRTH', 'n/d', 2, [speed(1)]);
  expect(asked(send('DDATA', 'n/d', 3, [byAlias(1, 5)], 60_000))).toEqual([]);
  expect(asked(send('DDATA', 'n/e', 4, [byAlias(1, 5)], 120_000))).toEqual(REBIRTH);
  send('DDEATH', 'n/e', 5, []);
  expect(asked(send('DDATA', 'n/d', 6, [byAlias(1, 5)], 180_000))).toEqual([]);
});

test('aliases belong to a device: those of another are unknown', () => {
  const source = createLive();
  source.read(message('DBIRTH', 'n/e', { seq: 2, metrics: [speed(1, { name: 'x', alias: 1 })] }));
  const reading = source.read(message('DDATA', 'n/e', { seq: 3, metrics: [byAlias(1, 6)] }));
  expect(reading.samples).toMatchObject([{ asset: 'e', channel: 'x', value: 6 }]);
});

test('a death of the current birth makes the node and its devices stale, until their births', () => {
  const source = createLive();
  const lives = () => source.states().map(({ device, asset, life }) => [device, asset, life]);
  expect(lives()).toEqual([
    [undefined, undefined, 'live'],
    ['d', 'd', 'live'],
  ]);
  source.read(message('NDEATH', 'n', { metrics: [bdSeq(3)] }));
  expect(source.counters()).toMatchObject({ deaths: 0, ignored: 1 });
  source.read(message('NDEATH', 'n', { metrics: [bdSeq(4)] }, { receivedAt: T0 + 9 }));
  expect(lives().map(([, , life]) => life)).toEqual(['stale', 'stale']);
  expect(source.states().map(({ since }) => since)).toEqual([T0 + 9, T0 + 9]);
  expect(source.counters()).toMatchObject({ deaths: 1, ignored: 1 });
  const late = source.read(message('DDATA', 'n/d', { seq: 2, metrics: [byAlias(1, 5)] }));
  expect(late.samples).toEqual([]);
  expect(asked(late)).toEqual(REBIRTH);
  source.read(message('NBIRTH', 'n', { seq: 0, metrics: [bdSeq(5)] }));
  expect(lives().map(([, , life]) => life)).toEqual(['live', 'stale']);
  source.read(message('DBIRTH', 'n/d', { seq: 1, metrics: [speed(1)] }));
  expect(lives().map(([, , life]) => life)).toEqual(['live', 'live']);
});

test('the will of a session that is over, after the birth of the next, is ignored', () => {
  const source = createLive();
  source.read(message('NBIRTH', 'n', { seq: 0, metrics: [bdSeq(5)] }));
  source.read(message('DBIRTH', 'n/d', { seq: 1, metrics: [speed(1)] }));
  source.read(message('NDEATH', 'n', { metrics: [bdSeq(4)] }));
  const reading = source.read(message('DDATA', 'n/d', { seq: 2, metrics: [byAlias(1, 5)] }));
  expect(values(reading)).toEqual([5]);
});

test('a death of a device makes it stale alone', () => {
  const source = createLive();
  source.read(message('DBIRTH', 'n/e', { seq: 2, metrics: [speed(1)] }));
  source.read(message('DDEATH', 'n/d', { seq: 3, metrics: [] }));
  expect(source.states().map(({ life }) => life)).toEqual(['live', 'stale', 'live']);
  const reading = source.read(message('DDATA', 'n/d', { seq: 4, metrics: [byAlias(1, 5)] }));
  expect(reading.samples).toEqual([]);
  expect(asked(reading)).toEqual(REBIRTH);
});

test('what the broker kept teaches names and gives historical values, until a live birth', () => {
  const source = create();
  const kept = { retained: true };
  const birth = { timestamp: T0 - 1e6, seq: 0, metrics: [bdSeq(1)] };
  const deviceBirth = { timestamp: T0 - 1e6, seq: 1, metrics: [speed(1)] };
  const device = source.read(message('DBIRTH', 'n/d', deviceBirth, kept));
  expect(device.samples).toMatchObject([{ time: T0 - 1e6, value: 1, historical: true }]);
  expect(asked(device)).toEqual([]);
  source.read(message('NBIRTH', 'n', birth, kept));
  const undated = { seq: 5, metrics: [byAlias(1, 5)] };
  expect(source.read(message('DDATA', 'n/d', undated, kept)).samples).toEqual([]);
  const live = source.read(message('DDATA', 'n/d', { seq: 99, metrics: [byAlias(1, 5)] }));
  expect(values(live)).toEqual([5]);
  expect(live.samples[0].historical).toBeUndefined();
  expect(asked(live)).toEqual(REBIRTH);
  source.read(message('NBIRTH', 'n', { ...birth, timestamp: T0 }));
  source.read(message('DBIRTH', 'n/d', { ...deviceBirth, timestamp: T0 }));
  for (const [type, path] of [
    ['NBIRTH', 'n'],
    ['DBIRTH', 'n/d'],
    ['NDATA', 'n'],
    ['DDATA', 'n/d'],
    ['DDEATH', 'n/d'],
  ]) {
    const old = message(type, path, { timestamp: 5, seq: 200, metrics: [speed(9)] }, kept);
    expect(source.read(old)).toEqual({ samples: [], ...NOTHING });
  }
  source.read(message('NDEATH', 'n', { metrics: [bdSeq(1)] }, kept));
  expect(source.counters()).toMatchObject({ ignored: 6, deaths: 0, gaps: 0 });
  expect(
    values(source.read(message('DDATA', 'n/d', { seq: 2, metrics: [byAlias(1, 6)] }))),
  ).toEqual([6]);
});

test('read() tells of names that give no channel, collide or come twice, and takes the rest', () => {
  const names = ['温度', 'a b', 'a_b', 'x', 'x', '', 'ok'];
  const metrics = names.map((name): UMetric => ({ name, type: 'Double', value: 1 }));
  const source = create();
  const reading = source.read(message('DBIRTH', 'n/d', { timestamp: T0, seq: 0, metrics }));
  expect(reading.samples.map(({ channel }) => channel)).toEqual(['a_b', 'x', 'x', 'ok']);
  expect(reading.problems.map(({ message: text, value }) => [text, value])).toEqual([
    ["Metric '' of a birth has no name", ''],
    ["Metric '温度' gives no channel", '温度'],
    ["Metric 'a_b' gives a channel that is taken", 'a_b'],
    ["Metric 'x' is born twice", 'x'],
  ]);
  const rules = { 温度: { channel: 'temperature', scale: 1, offset: 0 } };
  const named = create({ metrics: rules });
  named.read(message('DBIRTH', 'n/d', { timestamp: T0, seq: 0, metrics }));
  const data = named.read(message('DDATA', 'n/d', { timestamp: T0, seq: 1, metrics }));
  expect(data.samples[0].channel).toBe('temperature');
});

test('of two metrics of one name, and of two units, the first counts; time 0 is none', () => {
  const text = (value: string) => ({ type: 'String' as const, value });
  const properties = { engUnit: text('mm'), 'Engineering Units': text('inch') };
  const metrics = [
    speed(1, { name: 'x', alias: 1, timestamp: 0, properties }),
    speed(2, { name: 'x', alias: 2 }),
  ];
  const reading = create().read(message('DBIRTH', 'n/d', { timestamp: T0, seq: 0, metrics }));
  expect(reading.samples).toEqual([{ asset: 'd', channel: 'x', time: T0, value: 1, unit: 'mm' }]);
});

test('metrics that are remembered are bounded over all births; the dead make room', () => {
  const metrics = Array.from({ length: 10_000 }, (_, i): UMetric => {
    return { name: `m${i}`, type: 'Double', value: 1 };
  });
  const payload = tahu.encodePayload({ timestamp: T0, seq: 0, metrics });
  const source = create();
  const send = (type: string, node: string) => source.read(message(type, node, payload));
  for (let i = 0; i < MAX_KNOWN_METRICS / metrics.length; i++) {
    expect(send('NBIRTH', `n${i}`).samples).toHaveLength(metrics.length);
  }
  // Born again it takes no more room than before.
  expect(send('NBIRTH', 'n0').samples).toHaveLength(metrics.length);
  const refused = send('NBIRTH', 'more');
  expect(refused.samples).toEqual([]);
  expect(refused.problems).toMatchObject([{ field: 'metrics', value: 'm0' }]);
  source.read(message('NDEATH', 'n3', { metrics: [] }));
  expect(send('NBIRTH', 'more').samples).toHaveLength(metrics.length);
});

test('an asset belongs to one device while it lives; then another may have it', () => {
  const source = create();
  const send = (type: string, path: string, metrics: UMetric[]) =>
    source.read(message(type, path, { timestamp: T0, seq: 0, metrics }));
  send('NBIRTH', 'a', [bdSeq(0)]);
  send('NBIRTH', 'b', [bdSeq(0)]);
  expect(values(send('DBIRTH', 'a/press', [speed(1)]))).toEqual([1]);
  const second = send('DBIRTH', 'b/press', [speed(2)]);
  expect(second.samples).toEqual([]);
  expect(second.problems).toMatchObject([{ field: 'asset', value: 'plant/b/press' }]);
  expect(send('DDATA', 'b/press', [byAlias(1, 3)]).problems).toMatchObject([{ field: 'asset' }]);
  send('NDEATH', 'a', [bdSeq(0)]);
  expect(values(send('DDATA', 'b/press', [byAlias(1, 4)]))).toEqual([4]);
  send('NBIRTH', 'a', [bdSeq(0)]);
  expect(send('DBIRTH', 'a/press', [speed(1)]).samples).toEqual([]);
});

test('read() refuses values and times that are none, and tells twenty problems at most', () => {
  const source = createLive();
  const metrics = [
    speed(Number.NaN),
    speed(Number.POSITIVE_INFINITY),
    speed(1, { timestamp: 9e15 }),
    speed(5),
  ];
  const reading = source.read(message('DDATA', 'n/d', { timestamp: T0, seq: 2, metrics }));
  expect(values(reading)).toEqual([5]);
  expect(reading.problems.map(({ field }) => field)).toEqual(['value', 'value', 'timestamp']);
  const many = Array.from({ length: 100 }, () => speed(Number.NaN));
  const { problems } = source.read(message('DDATA', 'n/d', { seq: 3, metrics: many }));
  expect(problems).toHaveLength(MAX_PROBLEMS_PER_MESSAGE);
});

test('nodes and devices are bounded; the dead make room, the living and the just asked do not', () => {
  const source = create();
  const birth = { timestamp: T0, seq: 0, metrics: [bdSeq(0)] };
  for (let i = 0; i < MAX_NODES; i++) source.read(message('NBIRTH', `n${i}`, birth));
  const refused = source.read(message('NBIRTH', 'more', birth));
  expect(refused.problems).toMatchObject([{ code: 'topic-invalid', field: 'edge nodes' }]);
  source.read(message('NDEATH', 'n7', { metrics: [bdSeq(0)] }));
  expect(source.read(message('NBIRTH', 'more', birth)).problems).toEqual([]);
  expect(source.states().map(({ node }) => node)).not.toContain('n7');

  const device = { timestamp: T0, seq: 0, metrics: [speed(1)] };
  for (let i = 0; i < MAX_DEVICES_PER_NODE; i++) {
    source.read(message('DBIRTH', `more/d${i}`, device));
  }
  const full = source.read(message('DBIRTH', 'more/e', device));
  expect(full.problems).toMatchObject([{ field: 'devices', value: 'e' }]);
  source.read(message('DDEATH', 'more/d3', { seq: 0 }));
  expect(source.read(message('DBIRTH', 'more/e', device)).samples).toHaveLength(1);

  const unknown = create();
  const data = { seq: 0, metrics: [byAlias(1, 1)] };
  for (let i = 0; i < MAX_NODES; i++) unknown.read(message('NDATA', `n${i}`, data));
  expect(unknown.read(message('NDATA', 'more', data)).commands).toEqual([]);
  const later = { receivedAt: T0 + 30_000 };
  expect(unknown.read(message('NDATA', 'more', data, later)).commands).toHaveLength(1);
  expect(unknown.states()).toHaveLength(MAX_NODES);
});

test('read() answers any bytes on any of its topics without throwing', () => {
  const types = ['NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH/', 'DDATA/', 'DDEATH/'] as const;
  const source = createLive();
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .tuple(fc.nat({ max: 255 }), fc.nat({ max: 20 }))
      .map(([byte, at]) =>
        tahu.encodePayload({ seq: byte, metrics: [speed(byte)] }).with(at, byte),
      ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...types), bytes, fc.boolean(), (type, payload, retained) => {
      const path = type.endsWith('/') ? 'n/d' : 'n';
      const reading = source.read(message(type.replace('/', ''), path, payload, { retained }));
      for (const { time, value } of reading.samples) {
        expect(Number.isFinite(time) && Number.isFinite(value)).toBe(true);
      }
      for (const problem of reading.problems) expect(problem).toBeInstanceOf(InputError);
    }),
    { numRuns: 3000 },
  );
});

test('createSparkplugSource() refuses templates of assets', () => {
  expect(() => create({ asset: '{line}' })).toThrow(
    expect.objectContaining({ code: 'config-invalid', field: 'asset', value: '{line}' }),
  );
  expect(() => create({ nodeAsset: '{device}' })).toThrow(InputError);
});
