import { InputError } from '@dandan/shared/error';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mappingSection } from '../../config/sections/mapping.ts';
import type { SourceMessage } from '../source.ts';
import { createMappingSource } from './index.ts';
import { MAX_PAYLOAD_BYTES, MAX_PROBLEMS_PER_MESSAGE, MAX_READINGS } from './limits.ts';

const NOW = 1_767_225_600_000;
const TOPIC = 'factory/l1/press/temperature';

function create(more: object = {}) {
  const topic = 'factory/{line}/{asset}/{channel}';
  return createMappingSource(mappingSection.parse({ kind: 'mapping', topic, ...more }));
}

function message(payload: unknown, more: Partial<SourceMessage> = {}): SourceMessage {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return {
    topic: TOPIC,
    payload: Buffer.from(text),
    receivedAt: NOW,
    retained: false,
    ...more,
  };
}

function problems(source: ReturnType<typeof create>, sent: SourceMessage) {
  const reading = source.read(sent);
  expect(reading.samples).toEqual([]);
  for (const problem of reading.problems) expect(problem.message).toContain(sent.topic);
  return reading.problems.map(({ code, field, value, allowed }) => ({
    code,
    field,
    value,
    allowed,
  }));
}

test('read() takes a number as text', () => {
  expect(create().read(message(' 21.5\n'))).toEqual({
    samples: [{ asset: 'press', channel: 'temperature', time: NOW, value: 21.5 }],
    commands: [],
    problems: [],
  });
});

test('read() composes the asset, scales, and states the unit', () => {
  const channels = { temperature: { channel: 't', scale: 0.1, offset: -40, unit: '°C' } };
  const source = create({ asset: '{line}-{asset}', channels });
  expect(source.read(message('615')).samples).toEqual([
    { asset: 'l1-press', channel: 't', time: NOW, value: 21.5, unit: '°C' },
  ]);
});

test('read() takes one value and its time by path', () => {
  const source = create({ value: '$.d.v[0]', time: { path: "$['t s']", unit: 's' } });
  expect(source.read(message({ d: { v: [7] }, 't s': NOW / 1000 - 5 })).samples).toEqual([
    { asset: 'press', channel: 'temperature', time: NOW - 5000, value: 7 },
  ]);
});

test('read() takes several values by channel, as many as there are', () => {
  const source = create({ topic: 'f/{asset}', values: { a: '$.x.a', b: '$.b', c: '$.c' } });
  const { samples, problems: none } = source.read(
    message({ x: { a: 1 }, c: null }, { topic: 'f/pump' }),
  );
  expect(samples).toEqual([{ asset: 'pump', channel: 'a', time: NOW, value: 1 }]);
  expect(none).toEqual([]);
  expect(source.counters()).toEqual({ samples: 1, nullValues: 1, unlistedValues: 0, undated: 0 });
});

test('read() takes an object of numbers, of which it may read the listed ones alone', () => {
  const object = { topic: 'f/{asset}', values: '$.values' };
  const sent = message({ values: { a: 1, __x: 2, b: 3 } }, { topic: 'f/pump' });
  expect(
    create(object)
      .read(sent)
      .samples.map(({ channel }) => channel),
  ).toEqual(['a', '__x', 'b']);
  const listed = create({ ...object, channels: { b: 'speed' }, listedOnly: true });
  expect(listed.read(sent).samples).toMatchObject([{ channel: 'speed', value: 3 }]);
  expect(listed.counters()).toMatchObject({ unlistedValues: 2 });
});

test('read() takes readings, with names and times of the reading or of the message', () => {
  const source = create({
    topic: 'f/{line}/#',
    each: '$.readings[*]',
    asset: '@.machine',
    channel: '@.name',
    value: '@.v',
    time: { path: '$.at', unit: 'iso' },
    assets: { '7': 'press-7' },
  });
  const readings = [
    { machine: 7, name: 'speed', v: 1 },
    { machine: 'pump', name: 'flow', v: 2 },
    { machine: 'pump', name: 'flow', v: 'x' },
  ];
  const sent = message({ at: '2026-01-01T00:00:01Z', readings }, { topic: 'f/l1/a/b' });
  const { samples, problems: found } = source.read(sent);
  expect(samples).toEqual([
    { asset: 'press-7', channel: 'speed', time: NOW + 1000, value: 1 },
    { asset: 'pump', channel: 'flow', time: NOW + 1000, value: 2 },
  ]);
  expect(found).toMatchObject([{ field: '@.v', value: 'x', allowed: 'a finite number' }]);
});

test('read() takes plain numbers of a list', () => {
  const source = create({ topic: 'f/{asset}/{channel}', each: '$[*]', value: '@' });
  const { samples } = source.read(message([1, 2], { topic: 'f/a/b' }));
  expect(samples.map(({ value }) => value)).toEqual([1, 2]);
});

test('read() takes booleans and text that is a number when asked', () => {
  const values = { values: '$', topic: 'f/{asset}' };
  const sent = message({ a: true, b: '2.5', c: 'x' }, { topic: 'f/p' });
  const plain = create(values).read(sent);
  expect(plain.samples).toEqual([]);
  expect(plain.problems.map(({ field }) => field)).toEqual(['$.a', '$.b', '$.c']);
  const asked = create({ ...values, booleans: true, numericStrings: true }).read(sent);
  expect(asked.samples.map(({ value }) => value)).toEqual([1, 2.5]);
  expect(asked.problems).toMatchObject([
    { field: '$.c', value: 'x', allowed: 'a finite number, true or false, text that is a number' },
  ]);
});

test('read() takes what the broker kept if it states a time, or is said to be current', () => {
  const kept = { retained: true };
  const plain = create();
  expect(plain.read(message('1', kept))).toEqual({ samples: [], commands: [], problems: [] });
  expect(plain.counters()).toMatchObject({ undated: 1 });
  expect(create({ retained: 'current' }).read(message('1', kept)).samples).toEqual([
    { asset: 'press', channel: 'temperature', time: NOW, value: 1 },
  ]);
  const timed = create({ value: '$.v', time: { path: '$.t', unit: 'ms' } });
  expect(timed.read(message({ v: 1, t: 5 }, kept)).samples).toEqual([
    { asset: 'press', channel: 'temperature', time: 5, value: 1, historical: true },
  ]);
});

test.each<[string, object, unknown, string, unknown, string]>([
  ['text for a number', {}, 'warm', 'payload', 'warm', 'a finite number'],
  ['an empty payload', {}, '', 'payload', '', 'a finite number'],
  ['no JSON', { value: '$.v' }, '{"v":', 'payload', '{"v":', 'a JSON document'],
  ['an absent member', { value: '$.v' }, { w: 1 }, '$.v', undefined, 'a finite number'],
  ['a member of another kind', { value: '$.v' }, { v: [1] }, '$.v', [1], 'a finite number'],
  [
    'an absent time',
    { value: '$.v', time: { path: '$.t', unit: 'ms' } },
    { v: 1 },
    '$.t',
    undefined,
    'milliseconds since the epoch',
  ],
  [
    'none of several',
    { topic: 'factory/{line}/{asset}/+', values: { a: '$.a', b: '$.b' } },
    {},
    'values',
    'none',
    'one at least of $.a,$.b',
  ],
  [
    'no object',
    { topic: 'factory/{line}/{asset}/+', values: '$.v' },
    { v: [] },
    '$.v',
    [],
    'an object of numbers by channel',
  ],
  [
    'no list',
    { each: '$.r[*]', value: '@.v' },
    {},
    '$.r[*]',
    undefined,
    'a list where the path has [*]',
  ],
  [
    'too many readings',
    { each: '$[*]', value: '@' },
    Array.from({ length: MAX_READINGS + 1 }, () => 1),
    '$[*]',
    'more',
    `at most ${MAX_READINGS} readings`,
  ],
  [
    'no name of an asset',
    { asset: '$.id', value: '$.v' },
    { v: 1, id: {} },
    '$.id',
    'an object',
    'text or a whole number: the name of an asset',
  ],
])('read() tells of %s', (_, more, payload, field, value, allowed) => {
  expect(problems(create(more), message(payload))).toEqual([
    { code: 'payload-invalid', field, value, allowed },
  ]);
});

test('read() tells of names that cannot be, and how to give them others', () => {
  const source = create();
  const [asset] = problems(source, message('1', { topic: 'factory/l/Press 2/t' }));
  expect(asset).toMatchObject({ field: 'asset', value: 'Press 2' });
  expect(asset.allowed).toContain("'assets'");
  const [channel] = problems(source, message('1', { topic: 'factory/l/p/°C' }));
  expect(channel).toMatchObject({ field: 'channel', value: '°C' });
  expect(channel.allowed).toContain("'channels'");
  const named = create({ assets: { 'Press 2': 'press-2' }, channels: { '°C': 'temperature' } });
  expect(named.read(message('1', { topic: 'factory/l/Press 2/°C' })).samples).toMatchObject([
    { asset: 'press-2', channel: 'temperature' },
  ]);
});

test('read() refuses a payload above the limit unread, and tells twenty problems at most', () => {
  const long = message(`1${' '.repeat(MAX_PAYLOAD_BYTES)}`);
  expect(problems(create(), long)).toMatchObject([
    { allowed: `at most ${MAX_PAYLOAD_BYTES} bytes` },
  ]);
  const many = create({ each: '$[*]', value: '@' });
  const found = problems(many, message(Array.from({ length: 500 }, () => 'x')));
  expect(found).toHaveLength(MAX_PROBLEMS_PER_MESSAGE);
});

test('read() of a foreign topic gives nothing', () => {
  const source = create();
  expect(source.matches('elsewhere')).toBe(false);
  expect(source.read(message('1', { topic: 'elsewhere' }))).toEqual({
    samples: [],
    commands: [],
    problems: [],
  });
  expect(source.snapshot()).toBeUndefined();
});

test('read() answers any payload with finite samples or problems', () => {
  const sources = [
    create(),
    create({ value: '$.v', time: { path: '$.t', unit: 's' } }),
    create({ each: '$[*]', value: '@.v', asset: '@.a' }),
    create({ topic: '{asset}/#', values: '$', numericStrings: true, booleans: true }),
  ];
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record({ v: fc.jsonValue(), t: fc.jsonValue() }, { requiredKeys: [] }),
    fc.array(fc.record({ v: fc.jsonValue(), a: fc.jsonValue() }, { requiredKeys: [] })),
  );
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    json.map((value) => Buffer.from(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(payload, fc.constantFrom(...sources), (bytes, source) => {
      const reading = source.read({ ...message(''), payload: bytes });
      for (const { asset, channel, time, value } of reading.samples) {
        expect(Number.isFinite(time) && Number.isFinite(value)).toBe(true);
        expect(`${asset}${channel}`).toMatch(/^[A-Za-z0-9_.:-]+$/);
      }
      for (const problem of reading.problems) expect(problem).toBeInstanceOf(InputError);
    }),
    { numRuns: 2000 },
  );
});
